package dev.ermine.fhir;

import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** A body to be written: slices in order, most of them bytes as a peer sent them. */
public record Gather(List<Slice> slices) {

  public Gather {
    slices = List.copyOf(slices);
  }

  /** How many bytes in all. */
  public long length() {
    return slices.stream().mapToLong(Slice::length).sum();
  }

  /** Writes every slice, in order. */
  public void writeTo(OutputStream out) throws IOException {
    for (Slice slice : slices) {
      out.write(slice.bytes(), slice.from(), slice.length());
    }
  }

  /** Never the content. */
  @Override
  public String toString() {
    return "Gather[" + length() + " bytes]";
  }
}
