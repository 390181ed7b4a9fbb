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
 * Seals secrets before they reach the database: AES-256-GCM under the operator's master key, by Tink. What is sealed is bound
 * to where it stands (the row's id), so that a sealed text copied to another row does not open there.
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

    @AccessesPartialKey // the operator holds the key as bytes; there is no keyset to read
    private static AesGcmKey key(byte[] bytes) throws GeneralSecurityException {
        return AesGcmKey.builder()
                .setParameters(AesGcmParameters.builder()
                        .setKeySizeBytes(32)
                        .setIvSizeBytes(12)
                        .setTagSizeBytes(16)
                        .setVariant(AesGcmParameters.Variant.NO_PREFIX) // so that no key id is needed to open
                        .build())
                .setKeyBytes(SecretBytes.copyFrom(bytes, InsecureSecretKeyAccess.get()))
                .build();
    }

    /**
     * @param place where the sealed text will stand, for instance the row's id
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

    /** Opens what {@link #seal} made for the same place, under any of the operator's keys. */
    public String open(String sealed, String place) {
        try {
            var secret = aead.decrypt(Base64.getDecoder().decode(sealed), place.getBytes(StandardCharsets.UTF_8));
            return new String(secret, StandardCharsets.UTF_8);
        } catch (GeneralSecurityException | IllegalArgumentException e) { // another key's, or damaged
            throw new IllegalStateException(
                    "what is sealed at " + place + " does not open under CASHDESK_MASTER_KEY", e);
        }
    }
}
