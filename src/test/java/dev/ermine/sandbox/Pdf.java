package dev.ermine.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A PDF of one A4 page with lines of text, small and whole: header, objects, table, trailer. */
final class Pdf {

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final List<Integer> offsets = new ArrayList<>();

  private Pdf() {}

  /** The bytes of a PDF that shows {@code lines}; Latin-1 at most. */
  static byte[] of(List<String> lines) {
    var pdf = new Pdf();
    pdf.write("%PDF-1.4\n");
    pdf.object("<< /Type /Catalog /Pages 2 0 R >>");
    pdf.object("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    pdf.object(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]"
            + " /Resources << /Font << /F1 4 0 R >> >> /Contents 5 0 R >>");
    pdf.object("<< /Type /Font /Subtype /Type1 /BaseFont /Courier /Encoding /WinAnsiEncoding >>");
    String content = content(lines);
    pdf.object("<< /Length " + content.length() + " >>\nstream\n" + content + "\nendstream");
    pdf.finish();
    return pdf.out.toByteArray();
  }

  private static String content(List<String> lines) {
    var content = new StringBuilder("BT /F1 11 Tf 15 TL 60 780 Td\n");
    for (String line : lines) {
      String escaped = line.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)");
      content.append('(').append(escaped).append(") Tj T*\n");
    }
    return content.append("ET").toString();
  }

  private void object(String body) {
    offsets.add(out.size());
    write(offsets.size() + " 0 obj\n" + body + "\nendobj\n");
  }

  private void finish() {
    int table = out.size();
    int size = offsets.size() + 1;
    write("xref\n0 " + size + "\n0000000000 65535 f \n");
    offsets.forEach(offset -> write("%010d 00000 n \n".formatted(offset)));
    write("trailer\n<< /Size " + size + " /Root 1 0 R >>\nstartxref\n" + table + "\n%%EOF\n");
  }

  private void write(String text) {
    out.writeBytes(text.getBytes(StandardCharsets.ISO_8859_1));
  }
}
