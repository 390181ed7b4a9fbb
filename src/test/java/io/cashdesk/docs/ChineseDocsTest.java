package io.cashdesk.docs;

import static org.assertj.core.api.Assertions.assertThat;

import io.cashdesk.docs.Translation.Pair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayNameGeneration;
import org.junit.jupiter.api.DisplayNameGenerator.ReplaceUnderscores;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The Chinese pages beside the English ones. Whoever changes an English page changes the Chinese one in the same commit
 * (CONTRIBUTING.md).
 */
@DisplayNameGeneration(ReplaceUnderscores.class)
class ChineseDocsTest {
    private static final Map<String, Pair> PAIRS = pairs();

    /** Four words in a row. */
    private static final Pattern ENGLISH_SENTENCE = Pattern.compile("\\b(?:[a-z]+[:,;]? ){3}[a-z]+\\b");

    /** Each page of the repository that has a Chinese one beside it. */
    private static Map<String, Pair> pairs() {
        var pairs = new TreeMap<String, Pair>();
        try (var root = Files.list(Path.of(""));
                var docs = Files.walk(Path.of("docs"))) {
            Stream.concat(root, docs)
                    .map(path -> path.toString().replace('\\', '/'))
                    .filter(path -> path.endsWith(".zh-CN.md"))
                    .forEach(path -> {
                        var english = path.replace(".zh-CN.md", ".md");
                        pairs.put(english, new Pair(page(english), page(path)));
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return pairs;
    }

    /** A page without its link to the other language. */
    private static MarkdownPage page(String path) {
        return MarkdownPage.of(path, text(path).replaceFirst("\\[(?:中文|English)]\\([^)]*\\)", ""));
    }

    private static String text(String path) {
        try {
            return Files.readString(Path.of(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<String> english() {
        return PAIRS.keySet().stream();
    }

    @Test
    void exist_for_what_an_integrator_and_an_operator_read() {
        assertThat(PAIRS.keySet())
                .containsExactly(
                        "README.md",
                        "docs/api.md",
                        "docs/epay.md",
                        "docs/first-hour.md",
                        "docs/handlers.md",
                        "docs/operations.md",
                        "docs/providers/alipay.md",
                        "docs/providers/appleiap.md",
                        "docs/providers/douyin.md",
                        "docs/providers/vkspay.md",
                        "docs/providers/wxpay-virtual.md",
                        "docs/providers/wxpay.md",
                        "docs/simulator.md",
                        "docs/webhooks.md");
    }

    @ParameterizedTest
    @MethodSource("english")
    void are_in_step_with_the_English_ones(String english) {
        var pair = PAIRS.get(english);

        assertThat(new Translation(pair.english(), pair.chinese(), PAIRS).differences())
                .as("what %s says otherwise than %s", pair.chinese().path(), english)
                .isEmpty();
    }

    /** What explains a code block is in sentences or comments, which are translated. Programs are the same in both. */
    @ParameterizedTest
    @MethodSource("english")
    void have_no_English_sentence_in_a_code_block(String english) {
        var blocks = PAIRS.get(english).chinese().sections().stream()
                .flatMap(section -> section.blocks().stream())
                .filter(block -> block.kind() == MarkdownPage.Kind.CODE_BLOCK)
                .map(MarkdownPage.Block::text)
                .filter(text -> !text.matches("(?s)```(?:js|python|php|java)\n.*"));

        assertThat(blocks.flatMap(String::lines).map(line -> line.replaceAll("\"[^\"]*\"", "")))
                .noneMatch(line -> ENGLISH_SENTENCE.matcher(line).find());
    }

    @ParameterizedTest
    @MethodSource("english")
    void are_linked_from_the_English_ones_and_back(String english) {
        var name = Path.of(english).getFileName().toString();
        var chinese = name.replace(".md", ".zh-CN.md");

        assertThat(text(english)).contains("[中文](" + chinese + ")");
        assertThat(text(PAIRS.get(english).chinese().path())).contains("[English](" + name + ")");
    }

    /** That a difference is found, in one sentence that says where it is and what is missing. */
    @Nested
    class A_difference {
        private static final String ENGLISH = """
                # Shop

                ## The `key`

                It is `sk_…`, see [limits](#limits). Error 1102 after three seconds.

                | field | |
                |---|---|
                | `a`, `b` | at most 32 characters |

                ```
                curl $BASE   # a comment
                ```

                ### Limits

                * `x` is 5
                """;

        private static final String CHINESE = """
                # 商店

                ## 密钥 `key`

                即 `sk_…`，见[限制](#限制)。3 秒后返回错误 1102。

                | 字段 | |
                |---|---|
                | `a`、`b` | 最长 32 个字符 |

                ```
                curl $BASE   # 注释
                ```

                ### 限制

                * `x` 是 5
                """;

        private static final String KEY = "shop.zh-CN.md, section \"密钥 `key`\" (in English \"The `key`\")";

        private List<String> after(UnaryOperator<String> change) {
            return new Translation(
                            MarkdownPage.of("shop.md", ENGLISH),
                            MarkdownPage.of("shop.zh-CN.md", change.apply(CHINESE)),
                            Map.of())
                    .differences();
        }

        private List<String> after(String part, String replacement) {
            assertThat(CHINESE).contains(part);
            return after(page -> page.replace(part, replacement));
        }

        @Test
        void is_not_found_in_pages_that_are_in_step() {
            assertThat(after(UnaryOperator.identity())).isEmpty();
        }

        @Test
        void in_a_word_names_the_word() {
            assertThat(after("`sk_…`", "密钥")).containsExactly(KEY + ", paragraph 1 does not have the word sk_…");
            assertThat(after("`x`", "`y`"))
                    .containsExactly(
                            "shop.zh-CN.md, section \"限制\" (in English \"Limits\"), list item 1 does not have the word x",
                            "shop.zh-CN.md, section \"限制\" (in English \"Limits\"), list item 1 has the word y, which the English"
                                    + " page does not have there");
        }

        @Test
        void in_a_row_names_the_row() {
            assertThat(after("| `a`、`b` | 最长 32 个字符 |\n", ""))
                    .containsExactly(
                            KEY + " has 1 of kind table row, but 2 in English",
                            KEY + " does not have the word a",
                            KEY + " does not have the word b");
            assertThat(after("| `a`、`b` | 最长 32 个字符 |", "| `a`、`b` | 最长 32 个字符 | 截短 |"))
                    .containsExactly(KEY + ", table row 2 has 3 cells, but 2 in English");
            assertThat(after("| `a`、`b` | 最长 32 个字符 |", "| 最长 32 个字符 | `a`、`b` |"))
                    .containsExactly(
                            KEY + ", table row 2, first cell does not have the word a",
                            KEY + ", table row 2, first cell does not have the word b");
        }

        @Test
        void in_a_number_or_its_unit_names_it() {
            assertThat(after("1102", "1103"))
                    .containsExactly(
                            KEY + ", paragraph 1 does not have the number 1102",
                            KEY + ", paragraph 1 has the number 1103, which the English page does not have there");
            assertThat(after("3 秒", "3 分钟"))
                    .containsExactly(KEY + ", paragraph 1 does not have the quantity \"three seconds\"");
            assertThat(after("字符", "字节"))
                    .containsExactly(KEY + ", table row 2 does not have the quantity \"32 characters\"");
        }

        @Test
        void in_a_link_names_where_it_must_point_to() {
            assertThat(after("(#限制)", "(#limits)"))
                    .containsExactly(
                            KEY + ", paragraph 1 does not have the link #限制",
                            KEY + ", paragraph 1 has the link #limits, which the English page does not have there");
        }

        @Test
        void in_code_names_the_line_and_comments_are_free() {
            assertThat(after("curl $BASE", "curl"))
                    .containsExactly(
                            KEY + ", code block 1 differs from the English one in line 1, which is there: curl $BASE");
        }

        @Test
        void in_the_headings_names_their_levels() {
            assertThat(after("### 限制", "## 限制"))
                    .containsExactly(
                            "shop.zh-CN.md, section \"限制\" (in English \"Limits\") has a heading of level 2, but of"
                                    + " level 3 in English");
            assertThat(after("### 限制\n", "")).contains("shop.zh-CN.md has 2 headings, but shop.md has 3");
            assertThat(after("密钥 `key`", "密钥")).anyMatch(text -> text.endsWith(", heading does not have the word key"));
        }

        @Test
        void in_the_signs_between_the_words_is_found_too() {
            assertThat(after("是 5", "是5！"))
                    .anyMatch(
                            text -> text.endsWith("must have Chinese punctuation, and no exclamation mark, in \"5！\""))
                    .anyMatch(text -> text.endsWith("must have a blank between Chinese and Latin in \"是5\""));
        }
    }
}
