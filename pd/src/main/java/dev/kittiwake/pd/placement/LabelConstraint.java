package dev.kittiwake.pd.placement;

import dev.kittiwake.proto.metapb.Store;
import java.util.List;

/** What a label of a store must be like. */
public record LabelConstraint(String key, Op op, List<String> values) {
  /** As in rules that are written down. */
  public enum Op {
    IN("in"),
    NOT_IN("notIn"),
    EXISTS("exists"),
    NOT_EXISTS("notExists");

    private final String text;

    Op(String text) {
      this.text = text;
    }

    public String text() {
      return text;
    }

    /**
     * @throws IllegalArgumentException naming what is possible
     */
    static Op of(String text) {
      for (Op op : values()) {
        if (op.text.equals(text)) {
          return op;
        }
      }
      throw new IllegalArgumentException(
          "op \"" + text + "\" is not one of in, notIn, exists, notExists");
    }
  }

  public LabelConstraint {
    values = List.copyOf(values);
    if (key.isBlank()) {
      throw new IllegalArgumentException("a label constraint needs a key");
    }
  }

  public boolean matches(Store store) {
    String value = Isolation.label(store, key);
    switch (op) {
      case IN:
        return values.contains(value);
      case NOT_IN:
        return !values.contains(value);
      case EXISTS:
        return !value.isEmpty();
      default:
        return value.isEmpty();
    }
  }

  @Override
  public String toString() {
    return key + " " + op.text() + (values.isEmpty() ? "" : " " + values);
  }
}
