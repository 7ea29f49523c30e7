package io.multishot.examples;

import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** Run by the build: writes the file by which {@code java @FILE} starts a program with the class path of this one. */
public final class ArgumentFile {
    private ArgumentFile() {}

    /**
     * Writes the file.
     *
     * @param args its name, then what it holds besides the class path: options of {@code java}, and the main class
     * @throws IOException if the file cannot be written
     * @throws URISyntaxException if the class path has something that is no file
     */
    public static void main(String[] args) throws IOException, URISyntaxException {
        StringJoiner classPath = new StringJoiner(System.getProperty("path.separator"));
        for (URL url : ((URLClassLoader) ArgumentFile.class.getClassLoader()).getURLs()) {
            classPath.add(Path.of(url.toURI()).toString());
        }
        List<String> lines =
                new ArrayList<>(List.of("-cp", '"' + classPath.toString().replace("\\", "\\\\") + '"'));
        lines.addAll(List.of(args).subList(1, args.length));
        Files.write(Path.of(args[0]), lines);
    }
}
