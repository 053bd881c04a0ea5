/// What the faces need to know of the disk that all data are on.
@org.jspecify.annotations.NullMarked
package io.cairn.server.disk;
