/// XML as the AWS protocols have it.
@org.jspecify.annotations.NullMarked
package io.cairn.server.xml;
