package io.multishot.build;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Says at the end of {@code mvn verify} how many tests ran, what was skipped, and why: from Surefire's reports. */
final class Skipped {
    private final TreeMap<String, Tests> byReason = new TreeMap<>();
    private int ran;

    private static final class Tests {
        final TreeSet<String> classes = new TreeSet<>();
        int count;
    }

    /**
     * Prints what the build that began at {@code args[1]} skipped in {@code args[0]}; the rest are notes of the POM.
     */
    public static void main(String[] args) throws Exception {
        Skipped skipped = new Skipped();
        skipped.addReports(Path.of(args[0]), Instant.parse(args[1]));
        skipped.lines(List.of(args).subList(2, args.length)).forEach(System.out::println);
    }

    /** Adds the reports of all modules, without those that are left from an earlier build. */
    void addReports(Path project, Instant since) throws IOException, ParserConfigurationException, SAXException {
        try (DirectoryStream<Path> modules = Files.newDirectoryStream(project, Files::isDirectory)) {
            for (Path module : modules) {
                Path reports = module.resolve("target/surefire-reports");
                if (Files.isDirectory(reports)) {
                    addModule(module.getFileName().toString(), reports, since);
                }
            }
        }
    }

    private void addModule(String module, Path reports, Instant since)
            throws IOException, ParserConfigurationException, SAXException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(reports, "TEST-*.xml")) {
            for (Path file : files) {
                if (!Files.getLastModifiedTime(file).toInstant().isBefore(since)) {
                    addReport(module, file);
                }
            }
        }
    }

    private void addReport(String module, Path file) throws IOException, ParserConfigurationException, SAXException {
        NodeList tests = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(file.toFile())
                .getElementsByTagName("testcase");
        for (int i = 0; i < tests.getLength(); i++) {
            Element test = (Element) tests.item(i);
            NodeList skips = test.getElementsByTagName("skipped");
            if (skips.getLength() == 0) {
                ran++;
            } else {
                Tests same =
                        byReason.computeIfAbsent(module + ": " + reason((Element) skips.item(0)), any -> new Tests());
                same.classes.add(test.getAttribute("classname")
                        .replaceFirst("^.*\\.", "")
                        .replaceFirst("[(-].*$", ""));
                same.count++;
            }
        }
    }

    /** Returns the message of a test that was disabled, or that of the exception by which a test aborted itself. */
    private static String reason(Element skip) {
        String message = skip.hasAttribute("message")
                ? skip.getAttribute("message")
                : skip.getTextContent().strip().lines().findFirst().orElse("");
        String reason = message.replaceFirst("^\\S+Exception: ", "").replaceFirst("^Assumption failed: ", "");
        return reason.isEmpty() ? "no reason given" : reason;
    }

    /** Returns the lines to print. A note that is blank does not hold for this build. */
    List<String> lines(List<String> notes) {
        List<String> lines = new ArrayList<>();
        byReason.forEach((reason, tests) ->
                lines.add("  " + reason + " (" + tests.count + " of " + String.join(", ", tests.classes) + ")"));
        notes.stream().filter(note -> !note.isBlank()).forEach(note -> lines.add("  " + note));
        String tests = ran == 0 ? "No test ran." : "Tests that ran: " + ran + ".";
        lines.add(0, tests + (lines.isEmpty() ? ran == 0 ? "" : " Nothing was skipped." : " Skipped, and why:"));
        return lines;
    }
}
