package io.multishot.guide;

import java.util.List;

/**
 * Lines of a source between {@code // tag::NAME[]} and {@code // end::NAME[]}.
 *
 * @param where the file and the number of the first line
 * @param lines the lines, without their common indentation
 */
record Snippet(String where, List<String> lines) {}
