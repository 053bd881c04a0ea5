/// Who asks: the root key, static users, and the signatures that prove them.
@org.jspecify.annotations.NullMarked
package io.cairn.server.iam;
