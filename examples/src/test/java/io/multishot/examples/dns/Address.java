package io.multishot.examples.dns;

import java.util.List;
import java.util.stream.IntStream;

/** Names like {@code h-10-0-1-2.synth.test}, each of which has the address that it says, here and in dnsmasq. */
final class Address {
    /** What a forged reply says. No name here has this address. */
    static final int FORGED = 0x06060606;

    private Address() {}

    static String name(int i) {
        return "h-" + text(i).replace('.', '-') + ".synth.test";
    }

    static String text(int i) {
        return "10." + (i >> 16) + "." + (i >> 8 & 0xFF) + "." + (i & 0xFF);
    }

    static int of(String name) {
        String[] parts = name.split("[-.]");
        return IntStream.rangeClosed(1, 4).map(i -> Integer.parseInt(parts[i])).reduce(0, (a, b) -> a << 8 | b);
    }

    static List<String> names(int count) {
        return IntStream.range(0, count).mapToObj(Address::name).toList();
    }

    /** Returns what is to be printed for these names. */
    static String lines(int count) {
        StringBuilder lines = new StringBuilder();
        IntStream.range(0, count).forEach(i -> lines.append(text(i)).append('\n'));
        return lines.toString();
    }
}
