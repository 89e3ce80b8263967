package dev.kittiwake.cli.ctl;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Ids of stores and regions: numbers of 64 bits without a sign. */
final class UnsignedId implements ITypeConverter<Long> {
  @Override
  public Long convert(String text) {
    try {
      return Long.parseUnsignedLong(text.startsWith("+") ? "" : text);
    } catch (NumberFormatException e) {
      throw new TypeConversionException("'" + text + "' is not an id: write a number from 0 on");
    }
  }
}
