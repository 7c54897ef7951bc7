package dev.ermine.http;

import static java.util.Map.entry;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The types by which documents leave, and what a file of each is called. What is not among them
 * leaves as bytes: nothing that a browser would run is.
 *
 * @see <a href="https://www.iana.org/assignments/media-types/media-types.xhtml">IANA: media
 *     types</a>
 */
final class DocumentTypes {

  private static final String BYTES = "application/octet-stream";

  private static final Map<String, String> EXTENSIONS =
      Map.ofEntries(
          entry("application/pdf", "pdf"),
          entry("image/jpeg", "jpg"),
          entry("image/png", "png"),
          entry("image/tiff", "tiff"),
          entry("image/gif", "gif"),
          entry("image/bmp", "bmp"),
          entry("image/webp", "webp"),
          entry("text/plain", "txt"),
          entry("text/csv", "csv"),
          entry("application/rtf", "rtf"),
          entry("text/rtf", "rtf"),
          entry("application/dicom", "dcm"),
          entry("application/xml", "xml"),
          entry("text/xml", "xml"),
          entry("application/hl7-v3+xml", "xml"),
          entry("application/hl7-sda+xml", "xml"),
          entry("application/cda+xml", "xml"),
          entry("application/fhir+xml", "xml"),
          entry("application/fhir+json", "json"),
          entry("application/json", "json"),
          entry("application/msword", "doc"),
          entry("application/vnd.ms-excel", "xls"),
          entry("application/vnd.ms-powerpoint", "ppt"),
          entry("application/vnd.oasis.opendocument.text", "odt"),
          entry("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
          entry("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
          entry(
              "application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
          entry("audio/mpeg", "mp3"),
          entry("audio/mp4", "m4a"),
          entry("audio/ogg", "ogg"),
          entry("audio/wav", "wav"),
          entry("video/mp4", "mp4"),
          entry("video/mpeg", "mpg"),
          entry("video/ogg", "ogv"),
          entry("video/webm", "webm"),
          entry("video/quicktime", "mov"));

  private static final Pattern TYPE =
      Pattern.compile(
          "(?<type>[a-z]{1,20}/[a-z0-9][a-z0-9.+-]{0,100})"
              + "(?:[ \\t]*;[ \\t]*charset=(?<charset>[a-z0-9-]{1,40}))?",
          Pattern.CASE_INSENSITIVE);

  private DocumentTypes() {}

  /**
   * The type by which a document of a peer's type leaves: type, subtype and charset alone. Nothing
   * that a peer wrote is copied.
   */
  static String of(String contentType) {
    return listed(contentType)
        .map(
            type -> {
              String charset = type.group("charset");
              return bare(type)
                  + (charset == null ? "" : ";charset=" + charset.toLowerCase(Locale.ROOT));
            })
        .orElse(BYTES);
  }

  /** The name of a file of that type. */
  static String fileName(String contentType) {
    return "document." + listed(contentType).map(type -> EXTENSIONS.get(bare(type))).orElse("bin");
  }

  private static Optional<Matcher> listed(String contentType) {
    Matcher type = TYPE.matcher(contentType);
    return type.matches() && EXTENSIONS.containsKey(bare(type))
        ? Optional.of(type)
        : Optional.empty();
  }

  private static String bare(Matcher type) {
    return type.group("type").toLowerCase(Locale.ROOT);
  }
}
