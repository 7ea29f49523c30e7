package io.multishot.guide;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The links from the pages below a folder, to each other, to other files and to the classes of the JDK. */
final class Links {
    private static final Pattern FENCED = Pattern.compile("(?ms)^\\s*(```|~~~).*?^\\s*\\1\\s*$");
    private static final Pattern CODE = Pattern.compile("`[^`]*`");
    private static final Pattern HEADING = Pattern.compile("(?m)^#{1,6} +(.*)$");
    private static final Pattern MARKDOWN_LINK = Pattern.compile("]\\(\\s*([^)\\s]+)[^)]*\\)");
    private static final Pattern HTML_LINK = Pattern.compile("\\b(?:href|src)=\"([^\"]+)\"");
    private static final Pattern HTML_ID = Pattern.compile("\\bid=\"([^\"]+)\"");
    private static final Pattern JDK =
            Pattern.compile("https://docs\\.oracle\\.com/.*/api/([^/]+)/([^#]+)\\.html(#.*)?");

    private final Path root;
    private final Map<Path, Page> pages = new TreeMap<>();

    private record Page(List<String> targets, Set<String> anchors) {}

    private Links(Path root, String extension, Function<String, Page> parser) throws IOException {
        this.root = root;
        for (Path file : ProjectFiles.below(root, extension)) {
            pages.put(file, parser.apply(Files.readString(file)));
        }
    }

    static Links inMarkdown(Path root) throws IOException {
        return new Links(root, ".md", Links::parseMarkdown);
    }

    static Links inJavadoc(Path root) throws IOException {
        return new Links(root, ".html", Links::parseHtml);
    }

    private static Page parseMarkdown(String page) {
        String text = FENCED.matcher(page).replaceAll("");
        Set<String> anchors = new TreeSet<>();
        found(HEADING, text).forEach(heading -> {
            String anchor = anchorOf(heading);
            String unique = anchor;
            for (int i = 1; !anchors.add(unique); i++) {
                unique = anchor + "-" + i;
            }
        });
        return new Page(found(MARKDOWN_LINK, CODE.matcher(text).replaceAll("")).toList(), anchors);
    }

    private static Page parseHtml(String page) {
        Function<String, String> unescape =
                text -> text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        return new Page(
                found(HTML_LINK, page).map(unescape).toList(),
                new TreeSet<>(found(HTML_ID, page).map(unescape).toList()));
    }

    /** Returns the anchor that sites which render Markdown give to a heading. */
    private static String anchorOf(String heading) {
        return heading.replaceAll("]\\([^)]*\\)", "")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                .strip()
                .replace(' ', '-');
    }

    private static Stream<String> found(Pattern pattern, String text) {
        return pattern.matcher(text).results().map(match -> match.group(1));
    }

    /** Returns how many links there are, to whatever. */
    long count() {
        return targets().count();
    }

    /** Returns how many links lead to the documentation of the JDK. */
    long countToJdk() {
        return targets().filter(target -> JDK.matcher(target).matches()).count();
    }

    private Stream<String> targets() {
        return pages.values().stream().flatMap(page -> page.targets().stream());
    }

    /** Returns each page with a link that leads nowhere, and the link. */
    List<String> dead() {
        List<String> dead = new ArrayList<>();
        pages.forEach((file, page) -> page.targets().stream()
                .distinct()
                .filter(target -> !leadsSomewhere(file, target))
                .forEach(target -> dead.add(root.relativize(file) + ": " + target)));
        return dead;
    }

    private boolean leadsSomewhere(Path from, String target) {
        Matcher jdk = JDK.matcher(target);
        if (jdk.matches()) {
            return isInJdk(jdk.group(1), jdk.group(2));
        }
        URI uri = URI.create(target);
        if (uri.getScheme() != null) {
            return true; // another host
        }
        Path to = uri.getPath().isEmpty()
                ? from
                : from.resolveSibling(uri.getPath()).normalize();
        if (!to.startsWith(root) || !Files.exists(to)) {
            return false;
        }
        String anchor = uri.getFragment();
        if (anchor == null || anchor.isEmpty()) {
            return true; // the top
        }
        Page page = pages.get(to);
        return page != null && page.anchors().contains(anchor);
    }

    /** Returns true if the JDK that runs this has this module, with this package or class. */
    private static boolean isInJdk(String module, String page) {
        Optional<Module> found = ModuleLayer.boot().findModule(module);
        if (found.isEmpty()) {
            return false;
        }
        String name = page.replace('/', '.');
        if (name.endsWith(".package-summary")) {
            return found.get().getPackages().contains(name.replace(".package-summary", ""));
        }
        int end = page.lastIndexOf('/') + 1;
        String nested = name.substring(0, end) + name.substring(end).replace('.', '$');
        return Class.forName(found.get(), nested) != null;
    }
}
