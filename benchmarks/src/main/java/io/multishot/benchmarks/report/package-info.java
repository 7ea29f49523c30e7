/** The report: runs the benchmarks pass by pass, keeps every sample, and writes tables and charts of them. */
@NullMarked
package io.multishot.benchmarks.report;

import org.jspecify.annotations.NullMarked;
