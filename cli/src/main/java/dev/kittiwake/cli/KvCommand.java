package dev.kittiwake.cli;

import dev.kittiwake.client.ClusterClient;
import dev.kittiwake.client.raw.RawPair;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Without a subcommand: one store as this process. With one: raw reads and writes. */
@Command(
    name = "kv",
    mixinStandardHelpOptions = true,
    description =
        "Run one store (with --data), or read and write raw pairs (put, get, delete, scan).")
final class KvCommand implements Callable<Integer> {
  private static final int NOT_FOUND = 4;

  @Spec private CommandSpec spec;
  @Mixin private StoreRole role;

  @Override
  public Integer call() throws Exception {
    return role.run(spec);
  }

  /** How keys and values are written on the command line. */
  static final class Bytes {
    @Option(names = "--hex", description = "keys and values are written as hexadecimal digits")
    private boolean hex;

    byte[] parse(String text) {
      try {
        return hex ? HexFormat.of().parseHex(text) : text.getBytes(StandardCharsets.UTF_8);
      } catch (IllegalArgumentException notHex) {
        throw new IllegalArgumentException(
            "'" + text + "' is not an even number of hexadecimal digits; leave --hex out for text");
      }
    }

    String show(byte[] bytes) {
      return hex ? HexFormat.of().formatHex(bytes) : new String(bytes, StandardCharsets.UTF_8);
    }
  }

  @Command(name = "put", mixinStandardHelpOptions = true, description = "Set the value of a key.")
  int put(
      @Mixin ClusterOptions cluster,
      @Mixin Bytes bytes,
      @Parameters(paramLabel = "KEY") String key,
      @Parameters(paramLabel = "VALUE") String value) {
    try (ClusterClient client = cluster.connect()) {
      client.raw().put(bytes.parse(key), bytes.parse(value));
      return 0;
    }
  }

  @Command(
      name = "get",
      mixinStandardHelpOptions = true,
      description = "Print the value of a key; exit status 4 if there is none.")
  int get(
      @Mixin ClusterOptions cluster,
      @Mixin Bytes bytes,
      @Parameters(paramLabel = "KEY") String key) {
    try (ClusterClient client = cluster.connect()) {
      byte[] value = client.raw().get(bytes.parse(key));
      if (value == null) {
        spec.commandLine().getErr().println("no value for key '" + key + "'");
        return NOT_FOUND;
      }
      spec.commandLine().getOut().println(bytes.show(value));
      return 0;
    }
  }

  @Command(
      name = "delete",
      mixinStandardHelpOptions = true,
      description = "Delete a key, if it is there.")
  int delete(
      @Mixin ClusterOptions cluster,
      @Mixin Bytes bytes,
      @Parameters(paramLabel = "KEY") String key) {
    try (ClusterClient client = cluster.connect()) {
      client.raw().delete(bytes.parse(key));
      return 0;
    }
  }

  @Command(
      name = "scan",
      mixinStandardHelpOptions = true,
      description = "Print pairs from START (inclusive) to END (exclusive), in order.")
  int scan(
      @Mixin ClusterOptions cluster,
      @Mixin Bytes bytes,
      @Parameters(paramLabel = "START", arity = "0..1", defaultValue = "") String start,
      @Parameters(paramLabel = "END", arity = "0..1", defaultValue = "") String end,
      @Option(names = "--limit", description = "default: ${DEFAULT-VALUE}", defaultValue = "100")
          int limit,
      @Option(names = "--reverse", description = "in descending order") boolean reverse) {
    if (limit < 1) {
      throw new ParameterException(spec.commandLine(), "--limit must be 1 at least, not " + limit);
    }
    try (ClusterClient client = cluster.connect()) {
      List<RawPair> pairs =
          reverse
              ? client.raw().reverseScan(bytes.parse(start), bytes.parse(end), limit)
              : client.raw().scan(bytes.parse(start), bytes.parse(end), limit);
      PrintWriter out = spec.commandLine().getOut();
      pairs.forEach(pair -> out.println(bytes.show(pair.key()) + "\t" + bytes.show(pair.value())));
      out.flush();
      return 0;
    }
  }
}
