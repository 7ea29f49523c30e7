package io.multishot.benchmarks;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names what a class of benchmarks measures, as the tables of the report show it. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Contender {
    /**
     * The name in the tables.
     *
     * @return the name
     */
    String value();

    /**
     * What part it plays in a table.
     *
     * @return the role
     */
    Role role() default Role.PEER;

    /**
     * Its place among those of the same role. The first floor of a table is what its ratios are against.
     *
     * @return the place
     */
    int place() default 0;

    /** The parts of a table. */
    enum Role {
        /** The bare instructions: the least that the machine can do the job with. */
        FLOOR,
        /** This library. */
        OURS,
        /** What people use instead. */
        PEER
    }
}
