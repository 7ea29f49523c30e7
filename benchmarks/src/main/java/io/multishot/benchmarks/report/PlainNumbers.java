package io.multishot.benchmarks.report;

import java.text.FieldPosition;
import java.text.NumberFormat;
import java.text.ParsePosition;

/** Numbers on axes: as few digits as they need, in every locale the same. */
final class PlainNumbers extends NumberFormat {
    private static final long serialVersionUID = 1;

    @Override
    public StringBuffer format(double number, StringBuffer text, FieldPosition position) {
        if (number >= 10) {
            return format(Math.round(number), text, position);
        }
        return text.append(Math.round(number * 100) / 100.0);
    }

    @Override
    public StringBuffer format(long number, StringBuffer text, FieldPosition position) {
        if (number >= 1_000_000 && number % 1_000_000 == 0) {
            return text.append(number / 1_000_000).append(" M");
        }
        if (number >= 1000 && number % 1000 == 0) {
            return text.append(number / 1000).append(" k");
        }
        return text.append(number);
    }

    @Override
    public Number parse(String text, ParsePosition position) {
        throw new UnsupportedOperationException("numbers on axes are only written");
    }
}
