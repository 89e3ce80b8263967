package dev.kittiwake.pd.api;

import dev.kittiwake.proto.key.Key;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

/**
 * The address of a request with keys in it. Keys are bytes: each percent escape stands for one, and
 * is decoded once. With {@code format=hex} they are written as hexadecimal digits.
 *
 * @param path with one character for each byte; a plus sign is a space, as clients write it
 */
record BinaryAddress(String path, Map<String, List<String>> parameters) {
  static BinaryAddress of(String uri) {
    QueryStringDecoder decoder = new QueryStringDecoder(uri, StandardCharsets.ISO_8859_1);
    return new BinaryAddress(
        QueryStringDecoder.decodeComponent(decoder.rawPath(), StandardCharsets.ISO_8859_1),
        decoder.parameters());
  }

  /** The key that follows {@code prefix} in the path. */
  Key after(String prefix) {
    return key("the key", path.substring(prefix.length()));
  }

  /** The key of that name; empty if it is not there. */
  Key parameter(String name) {
    List<String> values = parameters.getOrDefault(name, List.of());
    return values.isEmpty() ? Key.EMPTY : key(name, values.get(0));
  }

  private Key key(String name, String characters) {
    List<String> format = parameters.getOrDefault("format", List.of());
    if (format.isEmpty()) {
      return Key.wrap(characters.getBytes(StandardCharsets.ISO_8859_1));
    }
    if (!format.get(0).equals("hex")) {
      throw new HttpApi.HttpRefused(
          400, "format \"" + format.get(0) + "\" is not known: it is hex, or is left out");
    }
    return hex(name, characters);
  }

  static Key hex(String name, String digits) {
    try {
      return Key.wrap(HexFormat.of().parseHex(digits));
    } catch (IllegalArgumentException e) {
      throw new HttpApi.HttpRefused(
          400, name + " \"" + digits + "\" is not an even number of hexadecimal digits");
    }
  }
}
