package dev.kittiwake.tpcc;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the few classes that may start threads and read clocks; the build refuses such calls
 * elsewhere.
 */
@Retention(RetentionPolicy.CLASS)
@Target(ElementType.TYPE)
@interface Wiring {}
