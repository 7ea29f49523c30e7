package io.multishot.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** The page of versions is that of the build, and the build is pinned. */
@Tag("texts")
class VersionsTest {
    private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

    /** What the lifecycle runs, whether a POM names it or not. */
    private static final List<String> OF_THE_LIFECYCLE = List.of(
            "maven-clean-plugin",
            "maven-resources-plugin",
            "maven-compiler-plugin",
            "maven-surefire-plugin",
            "maven-jar-plugin",
            "maven-install-plugin",
            "maven-deploy-plugin");

    private final Document parent = parse(PROJECT.resolve("pom.xml"));
    private final List<MarkdownTable> tables =
            MarkdownTable.in(Files.readAllLines(PROJECT.resolve("docs/versions.md")));

    VersionsTest() throws IOException, ParserConfigurationException, SAXException {}

    private static Document parse(Path pom) throws IOException, ParserConfigurationException, SAXException {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(pom.toFile());
    }

    private Map<String, List<String>> rows(String head) {
        return tables.stream()
                .filter(table -> table.head().equals(head))
                .findFirst()
                .orElseThrow(() -> new AssertionError("docs/versions.md has no table of each " + head))
                .rows();
    }

    @Test
    void thePageHasTheVersionsOfThePom() {
        Map<String, String> page = new TreeMap<>();
        rows("library").values().forEach(row -> page.put(row.get(1).replace("`", ""), row.get(0)));
        Map<String, String> pom = new TreeMap<>();
        for (Element property : children(child(parent.getDocumentElement(), "properties"))) {
            if (property.getTagName().endsWith(".version")) {
                pom.put(property.getTagName(), property.getTextContent());
            }
        }
        assertThat(pom).isNotEmpty();
        Set<String> names = new TreeSet<>(pom.keySet());
        names.addAll(page.keySet());
        names.removeIf(name -> Objects.equals(pom.get(name), page.get(name)));
        assertThat(names)
                .as(() -> names.stream()
                        .map(name -> name + " is " + pom.get(name) + " in pom.xml and " + page.get(name)
                                + " in docs/versions.md")
                        .collect(Collectors.joining("\n")))
                .isEmpty();
    }

    @Test
    void thePageHasTheJdksThatTheBuildRunsOn() throws IOException {
        Set<String> page = new HashSet<>();
        rows("JDK").forEach((jdk, row) -> {
            if (row.get(0).contains("`.ci/run`")) {
                page.add(jdk);
            }
        });
        Set<String> script = Pattern.compile("find_jdk (\\d+)")
                .matcher(Files.readString(PROJECT.resolve(".ci/run")))
                .results()
                .map((MatchResult match) -> match.group(1))
                .collect(LinkedHashSet::new, Set::add, Set::addAll);
        assertThat(page).isEqualTo(script);
    }

    @Test
    void theOldestJdkIsTheOneThatIsCompiledFor() {
        Element properties = child(parent.getDocumentElement(), "properties");
        String release = child(properties, "maven.compiler.release").getTextContent();
        Map.Entry<String, List<String>> oldest =
                rows("JDK").entrySet().iterator().next();
        assertThat(oldest.getKey()).isEqualTo(release);
        assertThat(oldest.getValue().get(0)).contains("`--release " + release + "`");
    }

    @Test
    void eachPluginIsPinned() throws IOException, ParserConfigurationException, SAXException {
        Set<String> managed = new HashSet<>();
        Element build = child(parent.getDocumentElement(), "build");
        Element management = child(child(build, "pluginManagement"), "plugins");
        children(management).stream()
                .filter(plugin -> has(plugin, "version"))
                .forEach(plugin -> managed.add(child(plugin, "artifactId").getTextContent()));
        List<String> unpinned = new ArrayList<>(OF_THE_LIFECYCLE);
        unpinned.removeAll(managed);
        for (Path pom : poms()) {
            NodeList plugins = parse(pom).getElementsByTagName("plugin");
            for (int i = 0; i < plugins.getLength(); i++) {
                Element plugin = (Element) plugins.item(i);
                String name = child(plugin, "artifactId").getTextContent();
                if (!has(plugin, "version") && !managed.contains(name)) {
                    unpinned.add(PROJECT.relativize(pom) + ": " + name);
                }
            }
        }
        assertThat(unpinned).as("plugins without a version").isEmpty();
    }

    @Test
    void noVersionIsARange() throws IOException, ParserConfigurationException, SAXException {
        for (Path pom : poms()) {
            NodeList versions = parse(pom).getElementsByTagName("version");
            for (int i = 0; i < versions.getLength(); i++) {
                Node owner = versions.item(i).getParentNode();
                if (!owner.getNodeName().startsWith("require")) { // a rule of the enforcer
                    assertThat(versions.item(i).getTextContent())
                            .as(PROJECT.relativize(pom) + ": " + owner.getNodeName())
                            .matches("[0-9][0-9A-Za-z.-]*|\\$\\{[a-z0-9.-]+}");
                }
            }
        }
    }

    private static List<Path> poms() throws IOException {
        try (Stream<Path> directories = Files.list(PROJECT)) {
            List<Path> poms = new ArrayList<>(directories
                    .map(directory -> directory.resolve("pom.xml"))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList());
            assertThat(poms).isNotEmpty();
            poms.add(PROJECT.resolve("pom.xml"));
            return poms;
        }
    }

    private static List<Element> children(Element parent) {
        List<Element> children = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element) {
                children.add(element);
            }
        }
        return children;
    }

    private static boolean has(Element parent, String name) {
        return children(parent).stream()
                .anyMatch(element -> element.getTagName().equals(name));
    }

    private static Element child(Element parent, String name) {
        return children(parent).stream()
                .filter(element -> element.getTagName().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no <" + name + "> in <" + parent.getTagName() + ">"));
    }
}
