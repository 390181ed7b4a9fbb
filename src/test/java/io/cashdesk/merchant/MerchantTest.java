package io.cashdesk.merchant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cashdesk.ground.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayNameGeneration(ReplaceUnderscores.class)
class MerchantTest {
    final Merchant merchant = new Merchant("shop", "Shop", Instant.EPOCH);

    {
        merchant.returnOnlyTo(List.of("https://shop.example/orders", "http://localhost:8080/demo/"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example/orders",
                "https://shop.example/orders/7?x=1",
                "https://SHOP.example:443/orders/",
                "http://localhost:8080/demo/orders/D1"
            })
    void allows_return_urls_below_a_listed_url(String url) {
        assertThat(merchant.allowsReturnTo(url)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example/",
                "https://shop.example/orders-evil",
                "http://shop.example/orders",
                "https://shop.example.evil/orders",
                "https://shop.example@evil/orders",
                "https://shop.example:444/orders",
                "https://shop.example/orders/../admin",
                "javascript:alert(1)",
                "//shop.example/orders",
                "not a url",
                "/orders",
                "https://evil/https://shop.example/orders"
            })
    void refuses_every_other_return_url(String url) {
        assertThat(merchant.allowsReturnTo(url)).isFalse();
    }

    @Test
    void pages_may_call_from_the_origins_of_the_return_urls_until_others_are_named() {
        assertThat(merchant.origins()).containsExactly("https://shop.example", "http://localhost:8080");

        merchant.callableFrom(List.of(new Origin("https://m.shop.example")));
        merchant.returnOnlyTo(List.of("https://new.example/"));
        assertThat(merchant.origins()).containsExactly("https://m.shop.example");

        merchant.callableFrom(List.of());
        assertThat(merchant.origins()).isEmpty();

        merchant.callableFromReturnUrls();
        assertThat(merchant.origins()).containsExactly("https://new.example");
        merchant.returnOnlyTo(List.of("HTTPS://A.example:443/x", "https://a.example/y"));
        assertThat(merchant.origins()).containsExactly("https://a.example");
    }

    @Test
    void a_key_starts_with_its_kind_and_mode_and_is_not_stored() {
        var issued = ApiKey.issue(Mode.TEST, ApiKey.Kind.SECRET, "point of sale", List.of(merchant), Instant.EPOCH);

        assertThat(issued.secret()).startsWith("sk_test_").hasSizeGreaterThan(40);
        assertThat(issued.key()).usingRecursiveComparison().isNotNull();
        assertThat(java.util.Arrays.stream(ApiKey.class.getDeclaredFields()).map(f -> {
                    f.setAccessible(true);
                    try {
                        return String.valueOf(f.get(issued.key()));
                    } catch (IllegalAccessException e) {
                        throw new AssertionError(e);
                    }
                }))
                .noneMatch(v -> v.contains(issued.secret()));
    }

    @Test
    void a_key_of_one_merchant_accepts_only_that_pid_or_none() {
        var id = UUID.randomUUID();
        var authority = new Authority(Mode.TEST, ApiKey.Kind.SECRET, List.of(new Authority.Held("shop", id)));

        assertThat(authority.merchant(null)).isEqualTo(id);
        assertThat(authority.merchant("shop")).isEqualTo(id);
        assertThatThrownBy(() -> authority.merchant("other")).isInstanceOf(Problem.class);
    }

    @Test
    void a_platforms_key_needs_a_pid() {
        var authority = new Authority(
                Mode.LIVE,
                ApiKey.Kind.SECRET,
                List.of(new Authority.Held("a", UUID.randomUUID()), new Authority.Held("b", UUID.randomUUID())));

        assertThatThrownBy(() -> authority.merchant(null)).hasMessageContaining("pid");
    }

    @Test
    void a_publishable_key_is_refused_where_a_secret_key_is_required() {
        var authority = new Authority(Mode.TEST, ApiKey.Kind.PUBLISHABLE, List.of());

        assertThatThrownBy(authority::secret).isInstanceOf(Problem.class);
    }
}
