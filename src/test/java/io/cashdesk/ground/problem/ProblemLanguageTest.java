package io.cashdesk.ground.problem;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.testing.OneLanguage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

/** A problem's {@code msg} is wholly Chinese or wholly English, its {@code detail} wholly English. */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ProblemLanguageTest {
    private static final Path SOURCES = Path.of("src/main/java/io/cashdesk");
    private static final Pattern MADE = Pattern.compile("(?:ProblemType\\s*\\.\\s*)([A-Z_]+)\\s*\\.\\s*with\\(");
    private static final Pattern SENTENCE =
            Pattern.compile("\"[^\"]*[A-Za-z]{2,} [A-Za-z][^\"]*\"|\"absent\"|getMessage\\(");

    @ParameterizedTest
    @EnumSource(ProblemType.class)
    void each_text_is_in_one_language(ProblemType type) {
        var argument = LocalizedText.same("T1");
        var problem = type.with(argument, argument, argument, argument);

        assertThat(OneLanguage.english(problem.message(Locale.CHINESE))).isEmpty();
        assertThat(problem.message(Locale.CHINESE)).matches("(?s).*\\p{IsHan}.*");
        assertThat(OneLanguage.chinese(problem.message(Locale.ENGLISH) + type.title()))
                .isEmpty();
        assertThat(OneLanguage.english(problem.forClient().message(Locale.CHINESE)))
                .isEmpty();
        assertThat(OneLanguage.chinese(problem.forClient().message(Locale.ENGLISH)))
                .isEmpty();
    }

    @Test
    void no_source_gives_a_problem_a_sentence_in_one_language() throws IOException {
        var wrong = new ArrayList<String>();
        var seen = 0;
        for (var file : sources()) {
            var text = Files.readString(file);
            var made = MADE.matcher(text);
            while (made.find()) {
                seen++;
                var arguments = arguments(text, made.end());
                var plain = without(without(arguments, "new LocalizedText("), "LocalizedText.");
                var typed = List.of("FIELD", "NOT_SUPPORTED").contains(made.group(1));
                if (typed || SENTENCE.matcher(plain).find()) {
                    wrong.add(SOURCES.relativize(file) + ": " + made.group() + arguments + ")");
                }
            }
        }

        assertThat(wrong)
                .as("give a LocalizedText, or use ProblemType.field or notSupported")
                .isEmpty();
        assertThat(seen).isGreaterThan(80);
    }

    private static List<Path> sources() throws IOException {
        try (var files = Files.walk(SOURCES)) {
            return files.filter(f -> f.toString().endsWith(".java")).toList();
        }
    }

    /** The text from here to the bracket that closes. */
    private static String arguments(String text, int from) {
        var depth = 1;
        var inText = false;
        for (int i = from; i < text.length(); i++) {
            var c = text.charAt(i);
            if (inText && c == '\\') i++;
            else if (c == '"') inText = !inText;
            else if (!inText && c == '(') depth++;
            else if (!inText && c == ')' && --depth == 0) return text.substring(from, i);
        }
        throw new IllegalArgumentException("no end of " + text.substring(from));
    }

    private static String without(String arguments, String call) {
        var rest = arguments;
        for (int at = rest.indexOf(call); at >= 0; at = rest.indexOf(call)) {
            var open = rest.indexOf('(', at);
            if (open < 0) return rest.substring(0, at);
            rest = rest.substring(0, at)
                    + rest.substring(open + arguments(rest, open + 1).length() + 2);
        }
        return rest;
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "en",
                "EN-us",
                "en-GB,zh;q=0.5",
                "fr,en;q=0.8",
                "zh;q=0.3, en;q=0.7",
                "en,zh",
                " en ; q=0.9 , zh;q=0.8",
                "zh;q=0,*",
                "de-DE,de;q=0.9,en-US;q=0.1",
                "xx;q=nonsense,en"
            })
    void is_english_where_the_caller_prefers_it(String header) {
        assertThat(AcceptLanguage.locale(header)).isEqualTo(Locale.ENGLISH);
    }

    @ParameterizedTest
    @NullAndEmptySource
    @ValueSource(
            strings = {
                "zh-CN,en",
                "zh",
                "zh-Hant-TW;q=0.9,en;q=0.8",
                "*",
                "fr",
                "en;q=0",
                "en;q=0.3,*;q=0.5",
                "*,en;q=0.9",
                ",,;q=",
                "en;q=2",
                "english",
                "eng"
            })
    void is_chinese_for_everyone_else(String header) {
        assertThat(AcceptLanguage.locale(header)).isEqualTo(Locale.CHINESE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "T20261127-1 | T20261127-1",
                "some words | \"some words\"",
                "茶 | \"茶\"",
                "alipay, wxpay | alipay, wxpay",
                "text/plain;charset=utf-8 | text/plain;charset=utf-8"
            })
    void what_the_caller_sent_is_in_quotes_unless_it_is_a_name(String sent, String shown) {
        var problem = ProblemType.PID_NOT_FOUND.with(sent);

        assertThat(problem.message(Locale.ENGLISH)).isEqualTo("There is no merchant " + shown + " for this key");
        assertThat(problem.message(Locale.CHINESE)).isEqualTo("该密钥下没有商户 " + shown);
    }

    @ParameterizedTest
    @CsvSource({
        "code 必须是 out_trade_no, false",
        "必须是 a text of at most 256 characters, true",
        "必须是 \"a text of mine\", false"
    })
    void english_is_recognised(String text, boolean mixed) {
        assertThat(OneLanguage.english(text).isEmpty()).isEqualTo(!mixed);
    }
}
