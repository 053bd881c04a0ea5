package io.cairn.block;

import java.security.GeneralSecurityException;

/// Keeps the master key, and wraps the data keys with it that encrypt volumes: of data keys, a store writes down what [#wrap] gives, and nothing else. Any thread.
///
/// May block, as one does that asks a service: the first read of a volume and its first write after each opening of the store wait for it, others do not.
public interface KeySource {
    /// AES-256.
    int DATA_KEY_BYTES = 32;
    /// The most that [#wrap] may give.
    int MAX_WRAPPED_BYTES = 4096;

    /// Encrypts a data key so that only [#unwrap] of the same master key gives it back.
    ///
    /// @param dataKey of [#DATA_KEY_BYTES]; the caller's, which clears it afterwards
    /// @param volume id of the volume whose key it is: another's is not to be taken for it
    byte[] wrap(byte[] dataKey, String volume) throws GeneralSecurityException;

    /// The data key again. `GeneralSecurityException` when the master key is another one, the bytes or the volume are others, or the key cannot be had now.
    byte[] unwrap(byte[] wrapped, String volume) throws GeneralSecurityException;

    /// Wraps with a master key that is given. The key is kept in memory as long as this is.
    ///
    /// @param masterKey 32 bytes, which are copied
    static KeySource of(byte[] masterKey) {
        return new MasterKey(masterKey);
    }
}
