package io.cashdesk.face.epay;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.ground.signing.KeyText;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;

/** Vectors made with the sample key that public documentation of epay prints, and two test key pairs. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class SignatureTest {
    private static final String KEY = "89unJUB8HZ54Hj7x4nUj56HN4nUzUJ8i";

    private static final String ORDER =
            "clientip=203.0.113.7&money=1.00&name=测试商品&notify_url=https://merchant.example/notify/epay"
                    + "&out_trade_no=T202601010001&pid=1001&return_url=https://merchant.example/return&type=alipay";

    private static final String PAID = "money=1.00&name=测试商品&out_trade_no=T202601010001&pid=1001"
            + "&trade_no=2026010112000012345&trade_status=TRADE_SUCCESS&type=alipay";

    private static final String V2_ORDER = "clientip=203.0.113.7&method=web&money=1.00&name=测试商品"
            + "&notify_url=https://merchant.example/notify/epay2&out_trade_no=T202601010001&pid=1001"
            + "&return_url=https://merchant.example/return&timestamp=1767240000&type=alipay";

    private static final String V2_PAID = "addtime=2026-01-01 12:00:00&api_trade_no=2026010122001400000000000001"
            + "&endtime=2026-01-01 12:00:09&money=1.00&name=测试商品&out_trade_no=T202601010001&pid=1001"
            + "&timestamp=1767240010&trade_no=2026010112000012345&trade_status=TRADE_SUCCESS&type=alipay";

    private static final String SHOP_KEY =
            "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAz0HEn2ZPhYi9iAYMR+hfojoHxvDCcA1nn+oFd/4Ieq80Hh28EVbb"
                    + "zogzEuXW4Cvg4HabKAX8XKN7gpxsURlyKW4nXgpYdlqNAbtixpZ5NLBnwWfrm7bbQMj1Jk9Mos481R1macA8uNMQGmHwLL/P"
                    + "H3QNez444sk5HvhtZotcOS7RwrOrahhnb4YN3RcSJh9rBIcGlpFcFI2jWD9jyVriA/Nwi04pXLZhe+xp75QzQJNXRszoN0M6"
                    + "GZhqfRin9/hXcvSmOaN94IFbRvdfmI1vuGzVMBGegepcdSQbpBOFRH7PXFRXIDYxHyWwFMClbLN+U8iAobPRc/+dRSKWZzQw"
                    + "IQIDAQAB";

    private static final String PLATFORM_PRIVATE_KEY =
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

    private static final String V2_ORDER_SIGN =
            "OD/J79NJ57fNU5fs6bmK8AWYaax8y8Uqc2Ex5IDcu0b9e+B8EeG+czh/tjAsGzqdUYE2Nq7lmfsKDNzSufq3RKsCGP3ImtDB"
                    + "/cDGcxHI6fH+65ACKti0ZUQ4hXVa+8tPxg0hJkWwvPloqS+zAJXYMy0qLHWOzH2wGwDS/ObLosPmn6k4agYSqKdrazH4V8il"
                    + "0G9hM1u/+0VY0KK+jRnknBzl/WZHxu+MOJtBqlb68/OOkSJ98Xd4ihHRsbdNYdS8b85NJxrscpkV7ds6+taeNsknbBkbWJMo"
                    + "jmUVhC8tMFFKr1AT/6cgQnf8li6TdjBKhK3OSJyuZZSL9aLCxAdKXQ==";

    private static final String V2_PAID_SIGN =
            "mHYz1eqj1y8Sz4hjLf+op12j6ZeP8NrsSUCHpcDetFmKYJQ9FczuTA1I+43yRzyQ1KjQ0czKEEt6wjrqWnujmo4RQLIkMJ68"
                    + "iNNKh2fl/OMys7hw6fwAAOLT5FS2/oc/Ji2FyNuzvxKYJjIYslgGFZpJeLFexuOca6ikvTLdnXaPQEG2J1L9QkvVrhrcXEaD"
                    + "UQJaHrSLVXdXVb9yZo/e0u9/9jgLrple0hdyvxyvRWIr83X64nFa9a2fNh25uIg7Iae9eIb30eDya/5J2xEOoQyqd2dsEvuz"
                    + "hyuvbSFXQ3ZWqPzFvGGIgy1fslJf+OWduDPywl6SVROocj6dvXX36Q==";

    private static SortedMap<String, String> parameters(String content) {
        var parameters = new TreeMap<String, String>();
        for (var pair : content.split("&")) {
            var parts = pair.split("=", 2);
            parameters.put(parts[0], parts[1]);
        }
        return parameters;
    }

    @Test
    void of_version_1_is_an_MD5_with_the_key_behind() {
        assertThat(Signature.md5(parameters(ORDER), KEY)).isEqualTo("3208d9e2bd874ecfc087627de3fc4775");
        assertThat(Signature.md5(parameters(PAID), KEY)).isEqualTo("1d2b6562c2037d2a375cfb36a4eea4fe");
    }

    @Test
    void leaves_out_itself_and_what_is_empty_and_takes_unknown_extras() {
        var with = parameters(ORDER);
        with.put("sign", "x");
        with.put("sign_type", "MD5");
        with.put("param", "");
        assertThat(Signature.isMd5("3208d9e2bd874ecfc087627de3fc4775", with, KEY))
                .isTrue();

        with.put("sitename", "tea");
        assertThat(Signature.isMd5("3208d9e2bd874ecfc087627de3fc4775", with, KEY))
                .isFalse();
    }

    @Test
    void of_version_1_is_compared_with_the_case_of_its_digits() {
        assertThat(Signature.isMd5("3208D9E2BD874ECFC087627DE3FC4775", parameters(ORDER), KEY))
                .isFalse();
        assertThat(Signature.isMd5("", parameters(ORDER), KEY)).isFalse();
    }

    @Test
    void of_version_2_is_SHA256withRSA() {
        var shop = KeyText.of(SHOP_KEY).publicKey().orElseThrow();
        assertThat(Signature.isRsa(V2_ORDER_SIGN, parameters(V2_ORDER), shop)).isTrue();
        assertThat(Signature.isRsa(V2_PAID_SIGN, parameters(V2_ORDER), shop)).isFalse();
        assertThat(Signature.isRsa("no Base64!", parameters(V2_ORDER), shop)).isFalse();

        var platform = KeyText.of(PLATFORM_PRIVATE_KEY).privateKey().orElseThrow();
        assertThat(Signature.rsa(parameters(V2_PAID), platform)).isEqualTo(V2_PAID_SIGN);
    }
}
