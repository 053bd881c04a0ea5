/// An object's bytes on their way in and out: digests, and where they are put by size.
@org.jspecify.annotations.NullMarked
package io.cairn.object.internal.content;
