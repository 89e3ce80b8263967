package dev.kittiwake.jdbc;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parsed URL.
 *
 * @param parameters as written after {@code ;} (mem, file) or {@code ?} (the others)
 */
record KittiwakeUrl(Target target, Map<ConnectionOption, String> parameters) {
  static final String PREFIX = "jdbc:kittiwake:";
  static final String FORMS =
      "accepted forms are jdbc:kittiwake:mem:NAME, jdbc:kittiwake:file:PATH,"
          + " jdbc:kittiwake://PD:2379[,PD:2379][/SCHEMA] and"
          + " jdbc:kittiwake:sql://HOST:4000[,HOST:4000][/SCHEMA];"
          + " parameters follow as ;key=value for mem and file, as ?key=value&key=value for the others";

  private static final int PD_PORT = 2379;
  private static final int SQL_PORT = 4000;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.-]+");
  private static final Pattern ENDPOINT =
      Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9_.-]+)(?::(\\d{1,5}))?");

  static boolean accepts(String url) {
    return url != null && url.startsWith(PREFIX);
  }

  /**
   * @throws SQLException 08001 with the accepted forms, or with the known parameters
   */
  static KittiwakeUrl parse(String url) throws SQLException {
    if (!accepts(url)) {
      throw wrong(url, "it does not start with " + PREFIX);
    }
    String rest = url.substring(PREFIX.length());
    if (rest.startsWith("mem:")) {
      return memory(url, rest.substring("mem:".length()));
    }
    if (rest.startsWith("file:")) {
      return files(url, rest.substring("file:".length()));
    }
    if (rest.startsWith("//")) {
      return network(url, rest.substring("//".length()), PD_PORT);
    }
    if (rest.startsWith("sql://")) {
      return network(url, rest.substring("sql://".length()), SQL_PORT);
    }
    throw wrong(url, "\"" + kind(rest) + "\" is no kind of database");
  }

  private static KittiwakeUrl memory(String url, String rest) throws SQLException {
    int end = rest.indexOf(';');
    String name = end < 0 ? rest : rest.substring(0, end);
    if (!NAME.matcher(name).matches()) {
      throw wrong(
          url,
          "the database name \"" + name + "\" may have letters, digits, '_', '.' and '-' only");
    }
    return new KittiwakeUrl(new Target.Memory(name), parameters(url, rest, end, ";"));
  }

  private static KittiwakeUrl files(String url, String rest) throws SQLException {
    int end = rest.indexOf(';');
    String path = end < 0 ? rest : rest.substring(0, end);
    if (path.isBlank()) {
      throw wrong(url, "the path is missing");
    }
    try {
      return new KittiwakeUrl(
          new Target.Files(Path.of(path).toAbsolutePath().normalize()),
          parameters(url, rest, end, ";"));
    } catch (InvalidPathException e) {
      throw wrong(url, "\"" + path + "\" is not a path: " + e.getReason());
    }
  }

  private static KittiwakeUrl network(String url, String rest, int defaultPort)
      throws SQLException {
    int end = rest.indexOf('?');
    String place = end < 0 ? rest : rest.substring(0, end);
    int slash = place.indexOf('/');
    String hosts = slash < 0 ? place : place.substring(0, slash);
    String schema = slash < 0 ? "" : place.substring(slash + 1);
    if (schema.indexOf('/') >= 0) {
      throw wrong(url, "the schema name \"" + schema + "\" has a slash");
    }
    Map<ConnectionOption, String> parameters = parameters(url, rest, end, "&");
    if (!schema.isEmpty()) {
      String decoded = decode(url, schema);
      String other = parameters.putIfAbsent(ConnectionOption.SCHEMA, decoded);
      if (other != null && !other.equals(decoded)) {
        throw wrong(url, "two schemas are named: \"" + decoded + "\" and \"" + other + "\"");
      }
    }
    List<String> endpoints = endpoints(url, hosts, defaultPort);
    return new KittiwakeUrl(
        defaultPort == PD_PORT ? new Target.Cluster(endpoints) : new Target.Service(endpoints),
        parameters);
  }

  private static List<String> endpoints(String url, String hosts, int defaultPort)
      throws SQLException {
    List<String> endpoints = new ArrayList<>();
    for (String host : hosts.split(",", -1)) {
      Matcher parts = ENDPOINT.matcher(host.trim());
      if (!parts.matches()) {
        throw wrong(url, "\"" + host + "\" is not HOST:PORT");
      }
      int port = parts.group(2) == null ? defaultPort : Integer.parseInt(parts.group(2));
      if (port < 1 || port > 65_535) {
        throw wrong(url, "port " + port + " is not between 1 and 65535");
      }
      endpoints.add(parts.group(1) + ":" + port);
    }
    return List.copyOf(endpoints);
  }

  /** {@code end} is the index of the mark before the parameters, or -1. */
  private static Map<ConnectionOption, String> parameters(
      String url, String rest, int end, String separator) throws SQLException {
    Map<ConnectionOption, String> parameters = new EnumMap<>(ConnectionOption.class);
    String text = end < 0 ? "" : rest.substring(end + 1);
    for (String parameter : text.split(separator, -1)) {
      if (parameter.isBlank()) {
        continue;
      }
      int equals = parameter.indexOf('=');
      String key = decode(url, equals < 0 ? parameter : parameter.substring(0, equals)).trim();
      ConnectionOption option = ConnectionOption.named(key);
      if (option == null) {
        throw SQLExceptions.wrongUrl(
            "unknown parameter \""
                + key
                + "\" in "
                + withoutPassword(url)
                + "; known are "
                + ConnectionOption.known());
      }
      if (equals < 0) {
        throw wrong(url, "the parameter \"" + key + "\" has no value (write " + key + "=VALUE)");
      }
      parameters.put(option, decode(url, parameter.substring(equals + 1)));
    }
    return parameters;
  }

  private static String decode(String url, String text) throws SQLException {
    if (text.indexOf('%') < 0) {
      return text; // a plus sign stays a plus sign
    }
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw wrong(url, "\"" + text + "\" has a wrong %-escape");
    }
  }

  private static String kind(String rest) {
    int colon = rest.indexOf(':');
    return colon < 0 ? rest : rest.substring(0, colon);
  }

  private static SQLException wrong(String url, String why) {
    return SQLExceptions.wrongUrl(
        "wrong JDBC URL " + withoutPassword(String.valueOf(url)) + ": " + why + "; " + FORMS);
  }

  /** For messages and metadata. */
  static String withoutPassword(String url) {
    return url.replaceAll("(?i)([?&;]password=)[^&;]*", "$1***");
  }
}
