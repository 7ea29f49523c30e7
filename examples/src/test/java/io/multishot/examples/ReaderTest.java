package io.multishot.examples;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

/** The reader, with workers that answer as the test wants. */
class ReaderTest {
    @Test
    void whoeverStillWorksForAReaderThatLeftCanTell() {
        Queue<Request> unanswered = new ArrayDeque<>();
        Queue<Request> requests = new ArrayDeque<>() {
            @Override
            public boolean add(Request request) {
                return request.file().equals(Path.of("first"))
                        ? request.answer().send(new Digest("", 0))
                        : unanswered.add(request);
            }
        };

        try (Reader reader = new Reader(files("first", "second", "third"), 2, requests, screen())) {
            assertThatThrownBy(reader::readAll).hasMessage("full");
        }

        assertThat(unanswered).hasSize(1);
        Request second = unanswered.element();
        assertThat(second.answer().isAbandoned()).isTrue();
        assertThat(second.answer().send(new Digest("", 0))).isFalse();
    }

    private static List<ListedFile> files(String... names) {
        return List.of(names).stream()
                .map(name -> new ListedFile(Path.of(name), FileName.of(name)))
                .toList();
    }

    private static Screen screen() {
        return new Screen(
                new Full(), new PrintStream(OutputStream.nullOutputStream(), false, ISO_8859_1), Terminal.NONE);
    }

    /** A standard output that takes nothing. */
    private static final class Full extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            throw new IOException("full");
        }
    }
}
