package io.cashdesk;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.wechat.pay.java.core.auth.WechatPay2Credential;
import com.wechat.pay.java.core.auth.WechatPay2Validator;
import io.cashdesk.ground.clock.SystemTime;
import io.cashdesk.ground.database.Ids;
import io.cashdesk.provider.PaymentProvider;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Clock;
import java.util.Calendar;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.hibernate.annotations.PartitionKey;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

@DisplayNameGeneration(ReplaceUnderscores.class)
class ArchitectureTest {
    /**
     * Which packages each package may import, besides the ground packages. A package that is missing here fails the
     * build.
     */
    static final Map<String, Set<String>> MAY_IMPORT = Map.ofEntries(
            entry("ground.setting", Set.of()),
            entry("ground.money", Set.of()),
            entry("ground.problem", Set.of("ground.setting", "ground.database")),
            entry("ground.qrcode", Set.of()),
            entry("ground.lease", Set.of()),
            entry("ground.signing", Set.of("ground.setting")),
            entry("ground.database", Set.of("ground.setting")),
            entry("ground.clock", Set.of("ground.database")),
            entry("ground.signal", Set.of("ground.setting", "ground.database", "ground.http")),
            entry("ground.metric", Set.of()),
            entry("ground.http", Set.of("ground.setting", "ground.problem")),
            entry(
                    "ground.job",
                    Set.of("ground.setting", "ground.database", "ground.clock", "ground.http", "ground.metric")),
            entry("ground.page", Set.of("ground.setting", "ground.problem")),
            entry("ground.json", Set.of("ground.setting", "ground.problem", "ground.http")),
            entry("retention", Set.of()),
            entry("merchant", Set.of()),
            entry("idempotency", Set.of("merchant")),
            entry("order", Set.of("merchant")),
            entry("provider", Set.of()),
            entry("account", Set.of("merchant", "order", "provider")),
            entry("openid", Set.of("merchant", "provider", "account")),
            entry("coin", Set.of("merchant", "idempotency", "provider", "account", "openid")),
            entry("simulator", Set.of("provider")),
            entry("refund", Set.of("merchant", "idempotency", "order", "provider", "account")),
            entry("view", Set.of("merchant", "order", "provider", "refund")),
            entry("payload", Set.of("order", "provider", "refund", "view")),
            entry("notification", Set.of("merchant", "order", "provider", "account", "refund")),
            entry(
                    "payment",
                    Set.of(
                            "merchant",
                            "idempotency",
                            "order",
                            "provider",
                            "account",
                            "openid",
                            "refund",
                            "view",
                            "payload",
                            "notification")),
            entry("settlement", Set.of("merchant", "order", "provider", "account", "refund", "notification")),
            entry("sweeper", Set.of("order", "provider", "account", "refund", "notification", "payment", "settlement")),
            entry("webhook", Set.of("merchant", "order", "refund", "view", "payload")),
            entry("handler", Set.of("merchant", "order", "view", "payload")),
            entry("checkout", Set.of("merchant", "order", "provider", "account", "openid", "refund", "payment")),
            entry("reconciliation", Set.of("merchant", "order", "provider", "account", "refund")),
            entry(
                    "face",
                    Set.of(
                            "merchant",
                            "idempotency",
                            "order",
                            "openid",
                            "coin",
                            "refund",
                            "view",
                            "payment",
                            "webhook",
                            "reconciliation",
                            "checkout")),
            entry("demo", Set.of()),
            entry(
                    "manage",
                    Set.of(
                            "merchant",
                            "idempotency",
                            "order",
                            "provider",
                            "account",
                            "refund",
                            "payment",
                            "settlement",
                            "webhook",
                            "handler")),
            entry("health", Set.of("retention", "merchant", "order", "provider", "account", "webhook")));

    static final String ROOT = ArchitectureTest.class.getPackageName();

    private static final String SHARED_BY_ADAPTERS = ROOT + ".provider.wechat..";

    static final JavaClasses PRODUCT = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @TestFactory
    Stream<DynamicTest> each_package_imports_only_what_the_plan_allows() {
        return MAY_IMPORT.entrySet().stream()
                .map(e -> dynamicTest(
                        e.getKey(),
                        () -> noClasses()
                                .that()
                                .resideInAPackage(ROOT + "." + e.getKey() + "..")
                                .should()
                                .dependOnClassesThat(inProductButOutside(e.getKey(), e.getValue()))
                                .check(PRODUCT)));
    }

    @Test
    void every_package_is_on_the_plan_and_every_package_of_the_plan_exists() {
        var built = PRODUCT.stream()
                .map(JavaClass::getPackageName)
                .filter(p -> p.startsWith(ROOT + "."))
                .map(p -> p.substring(ROOT.length() + 1))
                .map(p -> p.replaceAll("^((ground\\.)?[a-z]+).*", "$1"))
                .collect(toSet());

        assertThat(MAY_IMPORT.keySet()).containsExactlyInAnyOrderElementsOf(built);
    }

    @Test
    void the_plan_has_no_circles() {
        var open = new HashMap<>(MAY_IMPORT);
        while (!open.isEmpty()) {
            var free = open.entrySet().stream()
                    .filter(e -> e.getValue().stream().noneMatch(open::containsKey))
                    .map(Map.Entry::getKey)
                    .toList();
            assertThat(free).as("circle among %s", open.keySet()).isNotEmpty();
            free.forEach(open::remove);
        }
    }

    @Test
    void packages_are_free_of_cycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(PRODUCT);
    }

    /** What WeChat's applications have in common is a package of its own, which no adapter is in. */
    @Test
    void adapters_do_not_depend_on_each_other() {
        slices().matching(ROOT + ".provider.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(DescribedPredicate.alwaysTrue(), resideInAPackage(SHARED_BY_ADAPTERS))
                .check(PRODUCT);
    }

    @Test
    void what_adapters_share_is_no_adapter() {
        noClasses()
                .that()
                .resideInAPackage(SHARED_BY_ADAPTERS)
                .should()
                .beAssignableTo(PaymentProvider.class)
                .check(PRODUCT);
    }

    @Test
    void no_class_outside_uses_an_adapter() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".provider.*..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".provider.*..")
                .check(PRODUCT);
    }

    @Test
    void the_simulator_knows_of_providers_only_the_port_through_which_it_opens_accounts() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".simulator..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".provider..")
                        .and(DescribedPredicate.describe(
                                "other than TestAccounts and ProviderName",
                                c -> !Set.of("TestAccounts", "Holder", "ProviderName")
                                        .contains(c.getSimpleName()))))
                .check(PRODUCT);
    }

    @Test
    void the_simulator_shares_no_signing_with_those_it_judges() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".simulator..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.wechat.pay..", "com.alipay..", "com.apple..", ROOT + ".ground.signing..")
                .check(PRODUCT);
    }

    /** JAX-RS and the servlet container build an absolute address from the header Host; Redirect does not. */
    @Test
    void redirects_are_built_by_one_class() {
        noClasses()
                .should()
                .callMethodWhere(calls(Response.class, "seeOther|temporaryRedirect|created")
                        .or(calls(Response.ResponseBuilder.class, "location|contentLocation"))
                        .or(calls(HttpServletResponse.class, "sendRedirect"))
                        .or(calls(ServletRequest.class, "getServerName|getServerPort|getScheme|isSecure"))
                        .or(calls(UriInfo.class, "get(BaseUri|AbsolutePath|RequestUri).*|resolve")))
                .check(PRODUCT);
    }

    private static DescribedPredicate<JavaCall<?>> calls(Class<?> type, String methods) {
        return target(owner(assignableTo(type))).and(target(nameMatching(methods)));
    }

    @Test
    void views_are_of_use_to_pages_and_to_json() {
        var shapes = List.of("jakarta.json..", "jakarta.ws.rs..", ROOT + ".ground.page..", ROOT + ".ground.json..");
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".view..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(shapes.toArray(String[]::new))
                .check(PRODUCT);
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".ground..")
                .and()
                .haveSimpleNameEndingWith("View")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(shapes.toArray(String[]::new))
                .check(PRODUCT);
    }

    @Test
    void what_simulated_providers_share_uses_none_of_them() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".simulator")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".simulator.*..")
                .check(PRODUCT);
    }

    @Test
    void what_the_simulated_providers_of_wechat_share_uses_none_of_them() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".simulator.wechat..")
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + ".simulator.*..")
                        .and(resideOutsideOfPackage(ROOT + ".simulator.wechat..")))
                .check(PRODUCT);
    }

    @Test
    void simulated_providers_do_not_use_each_other() {
        slices().matching(ROOT + ".simulator.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(
                        resideInAnyPackage(ROOT + ".simulator.wxpay..", ROOT + ".simulator.wxpayvirtual.."),
                        resideInAPackage(ROOT + ".simulator.wechat"))
                .check(PRODUCT);
    }

    /** For example: wxpay.v2 uses wxpay, so wxpay must not use wxpay.v2. */
    @Test
    void a_simulated_provider_does_not_use_the_packages_below_it() {
        slices().matching(ROOT + ".simulator.(**)").should().beFreeOfCycles().check(PRODUCT);
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".simulator.*")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".simulator.*.*..")
                .check(PRODUCT);
    }

    @Test
    void entities_change_through_verbs() {
        noMethods()
                .that()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(Entity.class)
                .should()
                .haveNameMatching("set[A-Z].*")
                .check(PRODUCT);
    }

    /** The id alone is no prefix of a primary key that begins with the merchant (docs/operations.md). */
    @Test
    void rows_of_a_merchant_are_read_by_their_whole_key() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.cashdesk.merchant..")
                .should()
                .callMethodWhere(target(owner(assignableTo(EntityManager.class)))
                        .and(target(nameMatching("find|getReference|refresh|lock"))))
                .check(PRODUCT);
        fields().that()
                .haveName("merchantId")
                .and()
                .areDeclaredInClassesThat()
                .areAnnotatedWith(Entity.class)
                .should()
                .beAnnotatedWith(PartitionKey.class)
                .check(PRODUCT);
    }

    @Test
    void resources_do_not_use_jpa() {
        noClasses()
                .that()
                .areAnnotatedWith(Path.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jakarta.persistence..")
                .check(PRODUCT);
    }

    @Test
    void time_comes_from_a_clock() {
        noClasses()
                .that()
                .doNotBelongToAnyOf(SystemTime.class) // the system clock, which CorrectedClock compares
                .should()
                .callMethodWhere(target(owner(resideInAPackage("java.time..")))
                        .and(target(nameMatching("now|system(UTC|DefaultZone)?|tick(Millis|Seconds|Minutes)?")))
                        .and(target(DescribedPredicate.describe(
                                "without a Clock",
                                method -> method.getRawParameterTypes().stream()
                                        .noneMatch(type -> type.isEquivalentTo(Clock.class))))))
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callConstructor(Date.class)
                .orShould()
                .callMethodWhere(target(owner(assignableTo(Calendar.class))).and(target(nameMatching("getInstance"))))
                .check(without(Ids.class)); // before the node's clock is there: in tests and migrations
    }

    /** These classes of the SDK read the system clock; V3Signing does the same with ours. */
    @Test
    void no_request_is_signed_with_the_system_clock() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(WechatPay2Credential.class, WechatPay2Validator.class)
                .check(PRODUCT);
    }

    @Test
    void money_is_never_floating_point() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        ROOT + ".order..", ROOT + ".ground.money..", ROOT + ".provider..", ROOT + ".payment..")
                .should()
                .dependOnClassesThat()
                .belongToAnyOf(Double.class, Float.class)
                .check(PRODUCT);
    }

    private static JavaClasses without(Class<?> allowed) {
        return PRODUCT.that(DescribedPredicate.not(JavaClass.Predicates.equivalentTo(allowed)));
    }

    private static DescribedPredicate<JavaClass> inProductButOutside(String name, Set<String> allowed) {
        var outside = resideInAPackage(ROOT + "..").and(resideOutsideOfPackage(ROOT + "." + name + ".."));
        for (var other : allowed) outside = outside.and(resideOutsideOfPackage(ROOT + "." + other + ".."));
        if (!name.startsWith("ground.")) outside = outside.and(resideOutsideOfPackage(ROOT + ".ground.."));
        return outside.as("in packages other than %s", allowed);
    }
}
