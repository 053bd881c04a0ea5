/// Amazon EC2's calls for volumes and snapshots (API reference, 2016-11-15; the Query protocol) over a block store. Start reading at
/// [io.cairn.server.ec2.Ec2Face].
@org.jspecify.annotations.NullMarked
package io.cairn.server.ec2;
