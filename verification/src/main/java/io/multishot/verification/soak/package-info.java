/**
 * A program that runs random rounds over many channels for a long time, injects faults, and accounts for every value.
 */
@NullMarked
package io.multishot.verification.soak;

import org.jspecify.annotations.NullMarked;
