package dev.kittiwake.cli.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Why a region is where it is, and is not moved. */
@Command(
    name = "why",
    mixinStandardHelpOptions = true,
    description = "Why a region is where it is, and is not moved.")
final class WhyCtl implements Runnable {
  @Mixin private CtlOptions options;

  @Parameters(paramLabel = "REGION", converter = UnsignedId.class)
  private long region;

  @Override
  public void run() {
    JsonNode answer = options.pd().get("why/" + Long.toUnsignedString(region));
    if (options.wantsJson()) {
      options.printJson(answer);
    } else {
      print(answer, "", options.out());
      options.out().flush();
    }
  }

  /** As an indented list: names, values, and lists with a dash for each of their items. */
  private static void print(JsonNode node, String indent, PrintWriter out) {
    node.fields()
        .forEachRemaining(
            field -> {
              String name = field.getKey().replace('_', ' ');
              JsonNode value = field.getValue();
              if (value.isValueNode()) {
                out.println(indent + name + ": " + value.asText());
              } else {
                out.println(indent + name + ":");
                for (JsonNode item : value.isArray() ? value : CtlOptions.NODES.arrayNode()) {
                  item(item, indent + "  ", out);
                }
                if (value.isObject()) {
                  print(value, indent + "  ", out);
                }
              }
            });
  }

  private static void item(JsonNode item, String indent, PrintWriter out) {
    if (item.isValueNode()) {
      out.println(indent + "- " + item.asText());
      return;
    }
    StringBuilder line = new StringBuilder();
    item.fields()
        .forEachRemaining(
            field -> {
              if (field.getValue().isValueNode()) {
                line.append(line.isEmpty() ? "" : ", ")
                    .append(field.getKey().replace('_', ' '))
                    .append(' ')
                    .append(field.getValue().asText());
              }
            });
    out.println(indent + "- " + line);
    item.fields()
        .forEachRemaining(
            field -> {
              if (!field.getValue().isValueNode()) {
                print(CtlOptions.body().set(field.getKey(), field.getValue()), indent + "  ", out);
              }
            });
  }
}
