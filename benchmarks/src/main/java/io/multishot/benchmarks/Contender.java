package io.multishot.benchmarks;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Names the library that a class of benchmarks measures, as the tables of the report show it. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Contender {
    /**
     * Returns the name in the tables.
     *
     * @return the name
     */
    String value();

    /**
     * Returns its role in the tables.
     *
     * @return the role
     */
    Role role() default Role.PEER;

    /**
     * Returns its place among those of the same role. The ratios of a table are against its first floor.
     *
     * @return the place
     */
    int place() default 0;

    /** The roles in a table. */
    enum Role {
        /** The bare instructions: the least that the job costs on this machine. */
        FLOOR,
        /** This library. */
        OURS,
        /** A library that people use instead. */
        PEER
    }
}
