package dev.kittiwake.cli.chaos.workload;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Names and values of the loads as bytes; numbers and lists are written as text. */
final class Keys {
  private Keys() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Null stays null. */
  static String text(byte[] bytes) {
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  static byte[] list(List<Long> elements) {
    return bytes(elements.stream().map(String::valueOf).collect(Collectors.joining(",")));
  }

  /** Empty if absent. */
  static List<Long> list(byte[] bytes) {
    return bytes == null || bytes.length == 0
        ? List.of()
        : Arrays.stream(text(bytes).split(",", -1)).map(Long::valueOf).toList();
  }
}
