/** Clients of real servers, in processes of their own: those among the examples, and those that people use. */
@NullMarked
package io.multishot.benchmarks.clients;

import org.jspecify.annotations.NullMarked;
