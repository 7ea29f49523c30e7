/** The report: runs the benchmarks pass by pass, and writes JMH's results, tables and charts. */
@NullMarked
package io.multishot.benchmarks.report;

import org.jspecify.annotations.NullMarked;
