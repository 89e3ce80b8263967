package dev.kittiwake.txn.script;

import dev.kittiwake.proto.key.Key;
import dev.kittiwake.proto.key.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One line of a script: {@code who: verb argument... @option=value...}. Transaction {@code t3} has
 * start ts 30; a time like {@code 500ms} is the timestamp of that millisecond.
 */
record Line(String who, String verb, List<String> arguments, Map<String, String> options) {
  static Line parse(String text) {
    String[] parts = text.strip().split(":\\s+", 2);
    if (parts.length != 2) {
      throw new IllegalArgumentException("no 'who: verb' in: " + text);
    }
    String[] words = parts[1].strip().split("\\s+");
    List<String> arguments = new ArrayList<>();
    Map<String, String> options = new LinkedHashMap<>();
    for (int i = 1; i < words.length; i++) {
      if (words[i].startsWith("@")) {
        String[] option = words[i].substring(1).split("=", 2);
        options.put(option[0], option.length == 2 ? option[1] : "");
      } else {
        arguments.add(words[i]);
      }
    }
    return new Line(parts[0], words[0], arguments, options);
  }

  long startTs() {
    return number(who);
  }

  boolean has(String option) {
    return options.containsKey(option);
  }

  long ts(String option, long otherwise) {
    String text = options.get(option);
    return text == null ? otherwise : number(text);
  }

  long[] timestamps(String option) {
    String text = options.get(option);
    if (text == null) {
      return new long[0];
    }
    List<Long> all = new ArrayList<>();
    for (String one : text.split(",")) {
      all.add(number(one));
    }
    return all.stream().mapToLong(Long::longValue).toArray();
  }

  List<Key> keys() {
    return arguments.stream().map(Key::of).toList();
  }

  Key key() {
    return Key.of(arguments.get(0));
  }

  static long number(String text) {
    if (text.equals("max")) {
      return Timestamp.MAX;
    }
    if (text.endsWith("ms")) {
      return Timestamp.of(Long.parseLong(text.substring(0, text.length() - 2)), 0);
    }
    return text.startsWith("t")
        ? 10 * Long.parseLong(text.substring(1))
        : Long.parseUnsignedLong(text);
  }
}
