package io.cashdesk.ground.signing;

import com.google.crypto.tink.AccessesPartialKey;
import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.AesGcmKey;
import com.google.crypto.tink.aead.AesGcmParameters;
import com.google.crypto.tink.util.SecretBytes;
import io.cashdesk.ground.setting.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;

/**
 * Encrypts (seals) secrets before they are stored: AES-256-GCM with the operator's master key, by Tink. The row's id is
 * the associated data, so that a sealed text copied to another row cannot be decrypted there.
 */
@ApplicationScoped
public class Vault {
    private final Aead aead;

    protected Vault() { // for the container's proxy
        aead = null;
    }

    @Inject
    public Vault(Settings settings) {
        this(settings.masterKeys());
    }

    Vault(List<byte[]> keys) {
        try {
            AeadConfig.register();
            var keyset = KeysetHandle.newBuilder();
            for (int i = 0; i < keys.size(); i++) {
                var entry = KeysetHandle.importKey(key(keys.get(i)));
                keyset.addEntry(i == 0 ? entry.withRandomId().makePrimary() : entry.withRandomId());
            }
            aead = keyset.build().getPrimitive(RegistryConfiguration.get(), Aead.class);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the master key cannot be used", e);
        }
    }

    @AccessesPartialKey // the operator configures a raw key, not a Tink keyset
    private static AesGcmKey key(byte[] bytes) throws GeneralSecurityException {
        return AesGcmKey.builder()
                .setParameters(AesGcmParameters.builder()
                        .setKeySizeBytes(32)
                        .setIvSizeBytes(12)
                        .setTagSizeBytes(16)
                        .setVariant(AesGcmParameters.Variant.NO_PREFIX) // the ciphertext carries no key id
                        .build())
                .setKeyBytes(SecretBytes.copyFrom(bytes, InsecureSecretKeyAccess.get()))
                .build();
    }

    /**
     * Encrypts a secret with the first master key.
     *
     * @param place the associated data: where the sealed text will be stored, for instance the row's id
     * @return Base64
     */
    public String seal(String secret, String place) {
        try {
            var sealed = aead.encrypt(secret.getBytes(StandardCharsets.UTF_8), place.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(sealed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("cannot seal for " + place, e);
        }
    }

    /**
     * Decrypts what {@link #seal} made for the same place, with any of the master keys.
     *
     * @throws IllegalStateException if no master key decrypts it: another key, another place, or damaged
     */
    public String open(String sealed, String place) {
        try {
            var secret = aead.decrypt(Base64.getDecoder().decode(sealed), place.getBytes(StandardCharsets.UTF_8));
            return new String(secret, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new IllegalStateException(
                    "the secret sealed for " + place + " does not open under CASHDESK_MASTER_KEY", e);
        }
    }
}
