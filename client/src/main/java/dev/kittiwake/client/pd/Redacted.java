package dev.kittiwake.client.pd;

import com.google.protobuf.ByteString;
import dev.kittiwake.proto.key.Key;

/** User data in messages: hexadecimal, and not too much of it. */
final class Redacted {
  private static final int SHOWN = 16;

  private Redacted() {}

  static String key(ByteString key) {
    String start = Key.wrap(key.substring(0, Math.min(SHOWN, key.size())).toByteArray()).toString();
    return key.size() <= SHOWN ? "'" + start + "'" : "'" + start + "...'";
  }
}
