package io.cashdesk.docs;

import io.cashdesk.docs.MarkdownPage.Block;
import io.cashdesk.docs.MarkdownPage.Kind;
import io.cashdesk.docs.MarkdownPage.Section;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * An English page and its Chinese one. They are in step if both have the same headings, and below each heading the same
 * paragraphs, list items, table rows and code blocks, each with the same words in backticks, links, numbers and units.
 * What the sentences between them say is left to a reader.
 *
 * @param all every pair of the documentation, by the path of its English page; links between them stay in one language
 */
record Translation(MarkdownPage english, MarkdownPage chinese, Map<String, Translation.Pair> all) {
    /** The two pages of one subject. */
    record Pair(MarkdownPage english, MarkdownPage chinese) {}

    private static final Pattern NUMBER = Pattern.compile("(?<![A-Za-z0-9.])\\d+(?:\\.\\d+)*");

    /** English words that a Chinese page may write as a number. */
    private static final Map<String, String> WORDS = Map.ofEntries(
            Map.entry("a", "1"),
            Map.entry("an", "1"),
            Map.entry("each", "1"),
            Map.entry("zero", "0"),
            Map.entry("one", "1"),
            Map.entry("once", "1"),
            Map.entry("first", "1"),
            Map.entry("two", "2"),
            Map.entry("twice", "2"),
            Map.entry("both", "2"),
            Map.entry("three", "3"),
            Map.entry("four", "4"),
            Map.entry("five", "5"),
            Map.entry("six", "6"),
            Map.entry("seven", "7"),
            Map.entry("eight", "8"),
            Map.entry("nine", "9"),
            Map.entry("ten", "10"),
            Map.entry("eleven", "11"),
            Map.entry("twelve", "12"),
            Map.entry("fifteen", "15"),
            Map.entry("twenty", "20"),
            Map.entry("thirty", "30"),
            Map.entry("sixty", "60"),
            Map.entry("hundred", "100"),
            Map.entry("thousand", "1000"),
            Map.entry("November", "11"));

    private static final Map<String, String> UNITS = Map.of(
            "second", "秒",
            "minute", "分钟",
            "hour", "小时",
            "day", "天",
            "month", "个月",
            "year", "年",
            "character", "个?字符",
            "byte", "字节",
            "fen", "分");

    /** What a whole cell says, where a wrong word would be a wrong rule. */
    private static final Map<String, String> CELLS =
            Map.of("shortened", "截短", "refused", "拒绝", "always", "始终", "never", "从不");

    /** "three days": a number of a unit, which has to be the same in both languages. "A second payment" is none. */
    private static final Pattern QUANTITY =
            Pattern.compile("\\b(\\d+|two|three|four|five|six|seven|eight|nine|ten|twelve|"
                    + "fifteen|twenty|thirty|sixty) (" + String.join("|", UNITS.keySet()) + ")s?\\b");

    private static final Pattern ENGLISH_PUNCTUATION =
            Pattern.compile("\\p{IsHan}[,;:?!()].?|.?[,;:?!()]\\p{IsHan}|.?！");

    private static final Pattern NO_BLANK = Pattern.compile("\\p{IsHan}[A-Za-z0-9`]|[A-Za-z0-9`]\\p{IsHan}");

    /** One sentence for each thing in which the pages differ; empty if they are in step. */
    List<String> differences() {
        var found = new ArrayList<String>();
        var headings = english.sections().size();
        if (headings != chinese.sections().size()) {
            found.add("%s has %d headings, but %s has %d"
                    .formatted(chinese.path(), chinese.sections().size(), english.path(), headings));
        }
        for (var i = 0; i < Math.min(headings, chinese.sections().size()); i++) {
            var of = english.sections().get(i);
            var is = chinese.sections().get(i);
            var where = "%s, section \"%s\" (in English \"%s\")".formatted(chinese.path(), is.title(), of.title());
            if (of.level() != is.level()) {
                found.add(where + " has a heading of level " + is.level() + ", but of level " + of.level()
                        + " in English");
                break; // the headings below it would be compared with other ones
            }
            sets(found, where + ", heading", "word", codeWords(of.title()), codeWords(is.title()));
            section(found, where, of, is);
        }
        return found;
    }

    private void section(List<String> found, String where, Section of, Section is) {
        if (kinds(of).equals(kinds(is))) {
            for (var i = 0; i < of.blocks().size(); i++) {
                var block = is.blocks().get(i);
                var sameKind = is.blocks().subList(0, i + 1).stream()
                        .filter(b -> b.kind() == block.kind())
                        .count();
                block(
                        found,
                        where + ", " + block.kind() + " " + sameKind,
                        of.blocks().get(i),
                        block);
            }
            return;
        }
        for (var kind : Kind.values()) {
            var expected = count(of, kind);
            var actual = count(is, kind);
            if (expected != actual) {
                found.add(where + " has " + actual + " of kind " + kind + ", but " + expected + " in English");
            }
        }
        if (counts(of).equals(counts(is))) {
            found.add(where + " has its blocks in another order: " + kinds(is) + ", in English " + kinds(of));
        }
        sets(found, where, "word", words(of), words(is));
    }

    private static List<Kind> kinds(Section section) {
        return section.blocks().stream().map(Block::kind).toList();
    }

    private static long count(Section section, Kind kind) {
        return section.blocks().stream().filter(block -> block.kind() == kind).count();
    }

    private static List<Long> counts(Section section) {
        return Arrays.stream(Kind.values()).map(kind -> count(section, kind)).toList();
    }

    private static List<String> words(Section section) {
        return section.blocks().stream()
                .flatMap(block -> block.codeWords().stream())
                .toList();
    }

    private void block(List<String> found, String where, Block of, Block is) {
        if (of.kind() == Kind.CODE_BLOCK) {
            code(found, where, of, is);
            return;
        }
        if (of.kind() == Kind.TABLE_ROW) {
            sets(found, where + ", first cell", "word", firstCell(of), firstCell(is));
            if (cells(of) != cells(is)) {
                found.add(where + " has " + cells(is) + " cells, but " + cells(of) + " in English");
            } else {
                sameCells(found, where, of, is);
            }
        }
        sets(found, where, "word", of.codeWords(), is.codeWords());
        sets(found, where, "link", of.links().stream().map(this::inChinese).toList(), is.links());
        numbers(found, where, of, is);
        typography(found, where, is);
    }

    private static void sameCells(List<String> found, String where, Block of, Block is) {
        var expected = cellsOf(of);
        var actual = cellsOf(is);
        for (var i = 0; i < expected.length; i++) {
            var chinese = CELLS.get(expected[i].strip());
            if (chinese != null && !chinese.equals(actual[i].strip())) {
                found.add(where + ", cell " + i + " must be " + chinese + " (in English \"" + expected[i].strip()
                        + "\")");
            }
        }
    }

    private static void numbers(List<String> found, String where, Block of, Block is) {
        var actual = numbers(is);
        minus(numbers(of), actual).forEach(number -> found.add(where + " does not have the number " + number));
        var known = new TreeSet<>(numbers(of));
        Arrays.stream(of.prose().split("[^A-Za-z]+"))
                .map(word -> WORDS.get(word.equals("November") ? word : word.toLowerCase(Locale.ROOT)))
                .filter(Objects::nonNull)
                .forEach(known::add);
        minus(actual, known)
                .forEach(number -> found.add(
                        where + " has the number " + number + ", which the English page does not have there"));
        QUANTITY.matcher(plainNumbers(of)).results().forEach(quantity -> {
            var number = WORDS.getOrDefault(quantity.group(1), quantity.group(1));
            var chinese = Pattern.compile("(?<![\\d.])" + Pattern.quote(number) + " ?" + UNITS.get(quantity.group(2)));
            if (!chinese.matcher(plainNumbers(is)).find()) {
                found.add(where + " does not have the quantity \"" + quantity.group() + "\"");
            }
        });
    }

    private static Set<String> numbers(Block block) {
        return NUMBER.matcher(plainNumbers(block))
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The prose, with 10,000 and 10 000 as 10000. */
    private static String plainNumbers(Block block) {
        return block.prose().replaceAll("(?<=\\d)[, ](?=\\d{3}(?!\\d))", "");
    }

    private static void typography(List<String> found, String where, Block is) {
        ENGLISH_PUNCTUATION
                .matcher(is.prose())
                .results()
                .forEach(m -> found.add(
                        where + " must have Chinese punctuation, and no exclamation mark, in \"" + m.group() + "\""));
        NO_BLANK.matcher(is.prose())
                .results()
                .forEach(m ->
                        found.add(where + " must have a blank between Chinese and Latin in \"" + m.group() + "\""));
    }

    private static String[] cellsOf(Block row) {
        return row.text().split("(?<!\\\\)\\|", -1);
    }

    private static List<String> firstCell(Block row) {
        return codeWords(cellsOf(row)[1]);
    }

    private static int cells(Block row) {
        return cellsOf(row).length - 2;
    }

    private static List<String> codeWords(String text) {
        return MarkdownPage.codeWords(text);
    }

    private static void code(List<String> found, String where, Block of, Block is) {
        var expected = withoutComments(of.text());
        var actual = withoutComments(is.text());
        if (expected.equals(actual)) return;
        var line = 0;
        while (line < expected.size()
                && line < actual.size()
                && expected.get(line).equals(actual.get(line))) line++;
        found.add(where + " differs from the English one in line " + line + ", which is there: "
                + (line < expected.size() ? expected.get(line) : "(its end)"));
    }

    /** A code block's lines; comments, which may be translated, are empty. */
    private static List<String> withoutComments(String code) {
        return code.lines()
                .map(line -> line.replaceFirst("^\\s*(?:#|//|--|\\*|/\\*).*", "")
                        .replaceFirst("\\s+(?:#|//|--)\\s.*", "")
                        .stripTrailing())
                .toList();
    }

    private static void sets(
            List<String> found, String where, String what, Collection<String> expected, Collection<String> actual) {
        minus(expected, actual).forEach(word -> found.add(where + " does not have the " + what + " " + word));
        minus(actual, expected)
                .forEach(word -> found.add(
                        where + " has the " + what + " " + word + ", which the English page does not have there"));
    }

    private static Set<String> minus(Collection<String> all, Collection<String> without) {
        var left = new TreeSet<>(all);
        left.removeAll(Set.copyOf(without));
        return left;
    }

    /** Where the Chinese page must point to if the English one points to this. */
    private String inChinese(String target) {
        if (target.contains("://")) return target;
        var parts = target.split("#", 2);
        var path = parts[0].isEmpty()
                ? english.path()
                : Path.of(english.path())
                        .resolveSibling(parts[0])
                        .normalize()
                        .toString()
                        .replace('\\', '/');
        var pair = path.equals(english.path()) ? new Pair(english, chinese) : all.get(path);
        if (pair == null) return target;
        var file = parts[0].replaceFirst("\\.md$", ".zh-CN.md");
        return parts.length == 1 ? file : file + "#" + anchor(pair, parts[1]);
    }

    private static String anchor(Pair pair, String english) {
        if (pair.english().ownAnchors().contains(english)) return english;
        var index = pair.english().anchors().indexOf(english);
        var anchors = pair.chinese().anchors();
        if (index < 0) return "(" + pair.english().path() + " has no heading " + english + ")";
        return index < anchors.size() ? anchors.get(index) : "(no such heading)";
    }
}
