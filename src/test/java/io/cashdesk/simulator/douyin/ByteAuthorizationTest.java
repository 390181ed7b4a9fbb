package io.cashdesk.simulator.douyin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.simulator.Account;
import io.cashdesk.simulator.Rsa;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The signatures of the general trade system, compared with vectors that were made without this code. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ByteAuthorizationTest {
    /** Key pairs for tests alone: the application's and the platform's. */
    private static final String APPLICATION_PUBLIC =
            "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAz0HEn2ZPhYi9iAYMR+hfojoHxvDCcA1nn+oFd/4Ieq80Hh28EVbb"
                    + "zogzEuXW4Cvg4HabKAX8XKN7gpxsURlyKW4nXgpYdlqNAbtixpZ5NLBnwWfrm7bbQMj1Jk9Mos481R1macA8uNMQGmHwLL/P"
                    + "H3QNez444sk5HvhtZotcOS7RwrOrahhnb4YN3RcSJh9rBIcGlpFcFI2jWD9jyVriA/Nwi04pXLZhe+xp75QzQJNXRszoN0M6"
                    + "GZhqfRin9/hXcvSmOaN94IFbRvdfmI1vuGzVMBGegepcdSQbpBOFRH7PXFRXIDYxHyWwFMClbLN+U8iAobPRc/+dRSKWZzQw"
                    + "IQIDAQAB";

    private static final String PLATFORM_PRIVATE =
            "MIIEvgIBADANBgkqhkiG9w0BAQEFAASCBKgwggSkAgEAAoIBAQCiO+O4mCbkfy6Jdlgt/SKLeQBo5gbjvaRwySWmMr+6KXuJ"
                    + "ELvepxvt1qiCAEdN/6/at4JxxKPUISGqgA0kUc8sxuwaw2W6+ceBOtI/4hbc7x2XERB2+y3zPpj8bPCbrJuLoU8txye4qW2S"
                    + "cuTLJnKsOmbCt2X/TUYY5pynrDLwslkthO1gao18rqOqGK9rP5jDayyfCpeMWu6c3I9jX/xQe/xSZtfknIveNDbD5uPgpLUb"
                    + "k8KIQE/3M/OzdG7PNwgVN+nnXuvQzrTf+MRRfiOebMK1JLDyVN5iKYWK90q3c3I+nAMM+G1UTe4xkomyhq+LhOBEWXMyHHni"
                    + "qdhwKZzlAgMBAAECggEAE+6vx9pJzQEjQphbtSrIt8IiHsFET27ZaVINYiISFFlMaEa6Dl0RvWMGSRKnsBmeDY1GZZv3VPTN"
                    + "Ihmhg7jZb3LxR0iCkzplHKeRdW/dxz9Jr2nVUAkEWEJ0oW7xEO9gHQOwqrsxUire34NmQN90b1yti3bk/T0NQ7nxvVgW2iOd"
                    + "UJVWPBOloZ+dA4qjx0WeZJ81vSSP5gQcvWGij/OfXkq+hgtoJ6342oEMd55JscZ0d6qO+lQ/fXqOo/0GE2kXa1sTtIi/u+ua"
                    + "WauGsUTMfeXEhx2TNQXq0KDZHjbgVIct0YIOJn27phv3oNKk+ijSyDzX6ErkL5sB67ZVbn/UgQKBgQDXvq41b0lrj/zDH9bG"
                    + "DDGH4HOD1Ssm66lfXUvxkbIolj/FonL5Rf6Q6iMpREbrEeUzOdR73Zo8xSGSYcRwSe4ebS4yDHk68y0XunVKW4EPpvfJYku5"
                    + "U+3HDiooYOBXWT2Boh9GoEiJv6BhkiP+B4flGj5chY5u+sri0tlssPpaeQKBgQDAgTHP7sfNcOpiqlDwjzWQXsiHtleV70lR"
                    + "I+SNfYxGYILE15G/vtn9OjSxqHy0ATss/V/wajJKFGAUTFtbuZRdHZgOF0pGyCj7NuBtuhspgBiyNKP9QksePeFLpPB2oT8m"
                    + "ISISgOlNpfxXcG6+IVYhA4lnOOrr+UijsVD08L36zQKBgQDN+xzCoaTckFWISl65Ka0kiJRhWuXfPAKyrRWz5yHNBF6Qp9/T"
                    + "xRMecpztamW3S5ekB+Op+1KmEKRT6QovFzbEUANZ/3TDZqc3z2rqemDHe+d5m2Km583OTeTMNmoam3ZQzWPE/4UiFxXd8jRw"
                    + "9em2QA8oMM9jgAiy9RJnZrUwKQKBgQCJ/lK5zl41u6KY1aQtvUrVUcyH1EMWvLAe1Q7qCjx62oYDGtBk1ienaYkKbU/vLQ7B"
                    + "YmPakBW6mr6A7ndy2iYrVaKBP1rEQIl4A09/+K+t4SBS5n9DdbkpVYxh0Dt7nn0JFSk6gGQ9gCXSfEs2SelWwxVFBD0KqOjU"
                    + "RrBU1RoqZQKBgGoiYnoOzb9Q5gjiEcUtsaCxMZQxLpMPFs16eMTtY07weM+X2wtAdTMhJDh2YrON6jt2jhe8Hx2bEkVmbphJ"
                    + "F2V84hK6LXkzoQuE2p8kLV9z7r810F10kLHhVnjLkQtr080vM2/yeN9M6itSEFJtWvC7fwVb37HX6uc0FED24aKB";

    static final String DATA =
            "{\"skuList\":[{\"skuId\":\"1\",\"price\":1,\"quantity\":1,\"title\":\"测试商品\",\"imageList\":[\"https:/"
                    + "/merchant.example/a.png\"],\"type\":401,\"tagGroupId\":\"tag_group_000000000000001\"}],\"out"
                    + "OrderNo\":\"T202601010001\",\"totalAmount\":1,\"payExpireSeconds\":300,\"payNotifyUrl\":\"http"
                    + "s://merchant.example/notify/douyin2\",\"orderEntrySchema\":{\"path\":\"pages/order\",\"param"
                    + "s\":\"{\\\"id\\\":\\\"T202601010001\\\"}\"}}";

    private static final String SIGNATURE =
            "lERlNsR65zKCIrzRplXAPiDhtotu/vDckBtg2lXbrRk/0grUu9XHAWMNA/nXkwVH4lAMpVu/8VKlg/ql+U4YpeMztNMyugz+"
                    + "kog1YWHWOitohiWdTs7lCTcGZHiiE2DuZVy1fvaFzCGSoJcm0M5M4HEsDoS1RyhWtcKR1I7p7Qp2SRhTD3qfJ1vcTWDsBftB"
                    + "pYQtVcIhNCohkzd8QxeeB70uxz7CTlWcWk81TQa/O5Q3rGf7PbRTotoVOcbS1ZeYVR2LXXgOak77NIcARimKU7rs3ByC7n+J"
                    + "veMVopJmfiD/5Y4WnOEe9mt8sSLb5eq1OOX6Jc7nDqdejuxoUhc5zg==";

    private static final String CALLBACK =
            "{\"msg\":\"{\\\"app_id\\\":\\\"tt0000000000000001\\\",\\\"out_order_no\\\":\\\"T202601010001\\\",\\\"orde"
                    + "r_id\\\":\\\"ot0000000000000000001\\\",\\\"status\\\":\\\"SUCCESS\\\",\\\"total_amount\\\":1,\\\"pay_cha"
                    + "nnel\\\":2,\\\"event_time\\\":1767240009000}\",\"type\":\"payment\",\"version\":\"3.0\"}";

    private static final String CALLBACK_SIGNATURE =
            "WGQJiR/0fbir0TcGIrYgT/5e9Z7y6gnWhWYHt4WrdXKQyzr5VWGAnmAiXyn2BwY/G+obFAOVSrFIdTmb7lJnIFxsfCHG52YR"
                    + "3cWbZvb0FYWiKKcxUzvcVyolgvUaF4VIVWk8dc1XHlL5UERfFTR/oRUHYCv0Uh0tuLJd0Tz3NSI2u0G4z7mG+KUSEm5blLdH"
                    + "uQokazvI/tZPy3T9mksya4EZcD7YDGjGfbrhfxjJ4F7ZHBJnoOAw5NdZdVpxgaRMtKSHulgehmcpaeKA0iVvoyJbaXm2go8s"
                    + "RJqkfaG8ak4DcMNnsD45zBp1lzCB+wrbVKA9NcQgaEF5DYsM/suc2g==";

    private static final Instant SIGNED_AT = Instant.ofEpochSecond(1_767_240_000);

    private static String header(String appId, String timestamp, String version, String signature) {
        return "SHA256-RSA2048 appid=\"" + appId + "\",nonce_str=\"5f4c0a4e6d3b4d0a8f0e3a3b1c2d4e5f\",timestamp=\""
                + timestamp + "\",key_version=\"" + version + "\",signature=\"" + signature + "\"";
    }

    private static ByteAuthorization vector() {
        return ByteAuthorization.parse(header("tt0000000000000001", "1767240000", "1", SIGNATURE));
    }

    private static void check(ByteAuthorization authorization, String data, Instant now) {
        var account = new Account(
                UUID.randomUUID(),
                UUID.randomUUID(),
                "douyin",
                "KEY",
                "7",
                "tt1",
                APPLICATION_PUBLIC,
                "",
                "",
                "{}",
                "p");
        DouyinPhone.check(authorization, data, account, now);
    }

    @Test
    void the_order_of_the_vector_is_signed_by_the_application() {
        assertThat(vector().signs(DATA, APPLICATION_PUBLIC)).isTrue();
        check(vector(), DATA, SIGNED_AT.plusSeconds(3));
    }

    @Test
    void data_that_was_changed_is_refused_even_if_it_means_the_same() {
        for (var changed : new String[] {
            DATA.replace("\"price\":1,", "\"price\":2,"),
            DATA.replace(",\"totalAmount\"", ", \"totalAmount\""),
            DATA + "\n"
        }) {
            assertThatThrownBy(() -> check(vector(), changed, SIGNED_AT))
                    .as(changed)
                    .isInstanceOf(DouyinRefusal.class)
                    .hasMessageContaining("验签失败");
        }
    }

    @Test
    void a_timestamp_in_milliseconds_or_far_away_and_another_key_version_are_refused() {
        var millis = ByteAuthorization.parse(header("tt1", "176724000000", "1", SIGNATURE));
        var version = ByteAuthorization.parse(header("tt1", "1767240000", "2", SIGNATURE));

        assertThatThrownBy(() -> check(millis, DATA, SIGNED_AT)).hasMessageContaining("timestamp");
        assertThatThrownBy(() -> check(version, DATA, SIGNED_AT)).hasMessageContaining("key_version");
        assertThatThrownBy(() -> check(vector(), DATA, SIGNED_AT.plusSeconds(172_801)))
                .hasMessageContaining("timestamp");
        assertThatThrownBy(() -> check(vector(), DATA, SIGNED_AT.minusSeconds(301)))
                .hasMessageContaining("timestamp");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "SHA256-RSA2048 appid=tt1,nonce_str=n,timestamp=1767240000,key_version=1,signature=YQ==",
                "SHA256-RSA2048 nonce_str=\"n\",appid=\"tt1\",timestamp=\"1767240000\",key_version=\"1\",signature=\"YQ==\"",
                "SHA256-RSA2048 appid=\"tt1\",nonce_str=\"\",timestamp=\"1767240000\",key_version=\"1\",signature=\"YQ==\"",
                "SHA256-RSA2048 appid=\"tt1\",nonce_str=\"n\",timestamp=\"now\",key_version=\"1\",signature=\"YQ==\"",
                "SHA256-RSA2048 appid=\"tt1\",nonce_str=\"n\",timestamp=\"1767240000\",signature=\"YQ==\"",
                "SHA256-RSA1024 appid=\"tt1\",nonce_str=\"n\",timestamp=\"1767240000\",key_version=\"1\",signature=\"YQ==\""
            })
    void another_form_is_refused(String text) {
        assertThatThrownBy(() -> ByteAuthorization.parse(text))
                .isInstanceOf(DouyinRefusal.class)
                .hasMessageContaining("byteAuthorization");
    }

    @Test
    void a_callback_is_signed_as_in_the_vector() {
        var text = ByteAuthorization.callbackText("1767240010", "0123456789abcdef0123456789abcdef", CALLBACK);

        assertThat(Rsa.sign(text, PLATFORM_PRIVATE)).isEqualTo(CALLBACK_SIGNATURE);
    }
}
