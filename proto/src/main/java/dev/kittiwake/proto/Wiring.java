package dev.kittiwake.proto;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks the few classes and methods that make production clocks, threads and randomness; everything
 * else receives them by constructor. The build refuses such calls elsewhere ({@code
 * .mvn/banned-calls.txt}).
 */
@Retention(RetentionPolicy.CLASS)
@Target({ElementType.TYPE, ElementType.METHOD, ElementType.CONSTRUCTOR})
public @interface Wiring {}
