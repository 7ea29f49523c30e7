/** Tests of the channel over Aeron. */
@NullMarked
package io.multishot.aeron;

import org.jspecify.annotations.NullMarked;
