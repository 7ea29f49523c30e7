package io.multishot.guide;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A block of code in a text.
 *
 * @param where the file and the number of the line above the first
 * @param name the snippet that it says it quotes, or null
 * @param lines the lines, without their common indentation
 */
record Quote(String where, @Nullable String name, List<String> lines) {}
