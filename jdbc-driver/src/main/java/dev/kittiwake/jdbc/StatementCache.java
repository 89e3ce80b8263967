package dev.kittiwake.jdbc;

import java.util.LinkedHashMap;
import java.util.Map;

/** Texts of prepared statements by SQL, the most recently used ones. Confined to one connection. */
final class StatementCache {
  private final Map<String, PreparedText> texts;

  StatementCache(int size) {
    this.texts =
        new LinkedHashMap<>(16, 0.75f, true) {
          private static final long serialVersionUID = 1;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, PreparedText> eldest) {
            return size() > size;
          }
        };
  }

  PreparedText text(String sql) {
    PreparedText text = texts.get(sql);
    if (text == null) {
      text = PreparedText.of(sql);
      texts.put(sql, text);
    }
    return text;
  }
}
