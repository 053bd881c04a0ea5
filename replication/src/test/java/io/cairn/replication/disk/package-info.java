/// Files of the operating system, whole blocks past its page cache.
@NullMarked
package io.cairn.replication.disk;

import org.jspecify.annotations.NullMarked;
