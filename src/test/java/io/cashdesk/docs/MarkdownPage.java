package io.cashdesk.docs;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A page of the documentation: its headings, and below each heading its paragraphs, list items, table rows and code
 * blocks, in their order.
 *
 * @param path of the page in the repository, with {@code /}
 * @param sections one for each heading
 */
public record MarkdownPage(String path, List<Section> sections) {
    private static final Pattern HEADING = Pattern.compile("(#{1,6}) (.*)");
    private static final Pattern LIST_ITEM = Pattern.compile("\\s*(?:[*-]|\\d{1,2}\\.) .*");
    private static final Pattern ANCHOR = Pattern.compile("<a (?:id|name)=\"([^\"]+)\">");
    private static final Pattern CODE_WORD = Pattern.compile("`([^`]+)`");
    private static final Pattern LINK = Pattern.compile("\\[[^\\]]*\\]\\(([^)\\s]+)\\)");

    /** A heading and what stands below it, up to the next heading of any level. */
    public record Section(int level, String title, List<Block> blocks) {}

    /** What a block is; the name is the word of a message. */
    public enum Kind {
        PARAGRAPH,
        LIST_ITEM,
        TABLE_ROW,
        CODE_BLOCK;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT).replace('_', ' ');
        }
    }

    /** One block. The lines of a paragraph, item or row are joined with a blank; those of a code block are kept. */
    public record Block(Kind kind, String text) {
        List<String> codeWords() {
            return kind == Kind.CODE_BLOCK ? List.of() : MarkdownPage.codeWords(text);
        }

        List<String> links() {
            return kind == Kind.CODE_BLOCK ? List.of() : found(LINK, withoutCode());
        }

        /** The text that is no code: each code word is one {@code `x`}. */
        String withoutCode() {
            return CODE_WORD.matcher(text).replaceAll("`x`");
        }

        /** What a reader sees apart from code words: the texts of links without their addresses, no bold marks. */
        String prose() {
            return withoutCode()
                    .replaceAll("\\[([^\\]]*)\\]\\([^)\\s]+\\)", "$1")
                    .replaceAll("https?://\\S+", "")
                    .replace("**", "");
        }
    }

    public static MarkdownPage of(String path, String text) {
        var sections = new ArrayList<Section>();
        sections.add(new Section(0, "", new ArrayList<>())); // what stands before the first heading
        StringBuilder open = null; // the paragraph or list item to which the next line belongs
        Kind kind = Kind.PARAGRAPH;
        StringBuilder code = null;
        for (var line : (text + "\n\n").split("\n", -1)) {
            var fence = line.strip().startsWith("```");
            var heading = HEADING.matcher(line);
            var isHeading = code == null && heading.matches();
            var isRow = code == null && line.startsWith("|");
            var isItem = code == null && LIST_ITEM.matcher(line).matches();
            if (open != null && (fence || isHeading || isRow || isItem || line.isBlank())) {
                add(sections, new Block(kind, open.toString()));
                open = null;
            }
            if (fence && code == null) {
                code = new StringBuilder(line.strip());
            } else if (fence) {
                add(sections, new Block(Kind.CODE_BLOCK, code.toString()));
                code = null;
            } else if (code != null) {
                code.append('\n').append(line);
            } else if (isHeading) {
                sections.add(new Section(heading.group(1).length(), heading.group(2), new ArrayList<>()));
            } else if (isRow) {
                if (!line.matches("[|:\\s-]+")) add(sections, new Block(Kind.TABLE_ROW, line));
            } else if (isItem) {
                open = new StringBuilder(line.strip());
                kind = Kind.LIST_ITEM;
            } else if (!line.isBlank() && open != null) {
                open.append(' ').append(line.strip());
            } else if (!line.isBlank()) {
                open = new StringBuilder(line.strip());
                kind = Kind.PARAGRAPH;
            }
        }
        if (code != null) throw new IllegalArgumentException(path + " has a code block without an end");
        sections.removeIf(s -> s.level() == 0 && s.blocks().isEmpty());
        return new MarkdownPage(path, List.copyOf(sections));
    }

    private static void add(List<Section> sections, Block block) {
        sections.get(sections.size() - 1).blocks().add(block);
    }

    /** Each word in backticks, in the order of the text. */
    static List<String> codeWords(String text) {
        return found(CODE_WORD, text);
    }

    private static List<String> found(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map(match -> match.group(1).replaceAll("\\s+", " "))
                .toList();
    }

    /**
     * The anchor of each heading, as GitHub makes it, in the order of the page: the second of the same name ends in -1.
     */
    public List<String> anchors() {
        var used = new HashMap<String, Integer>();
        return sections.stream()
                .map(section -> {
                    var anchor = section.title()
                            .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
                            .toLowerCase(Locale.ROOT)
                            .replaceAll("[^\\p{L}\\p{M}\\p{N}\\p{Pc} -]", "")
                            .replace(' ', '-');
                    var before = used.merge(anchor, 1, Integer::sum) - 1;
                    return before == 0 ? anchor : anchor + "-" + before;
                })
                .toList();
    }

    /** The anchors that the page sets itself, by {@code <a id="…">}. */
    Set<String> ownAnchors() {
        return sections.stream()
                .flatMap(section -> section.blocks().stream())
                .filter(block -> block.kind() != Kind.CODE_BLOCK)
                .flatMap(block -> found(ANCHOR, block.text()).stream())
                .collect(Collectors.toSet());
    }
}
