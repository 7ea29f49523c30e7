/** Programs that do a real job with the channel. */
@NullMarked
package io.multishot.examples;

import org.jspecify.annotations.NullMarked;
