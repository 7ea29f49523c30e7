package io.multishot.examples;

import io.multishot.Sender;
import java.nio.file.Path;

/**
 * What a worker is asked.
 *
 * @param file the file to read
 * @param answer where the answer goes: one digest, or one failure
 */
record Request(Path file, Sender<Digest> answer) {}
