package dev.ermine.http;

import dev.ermine.merge.document.Extent;
import dev.ermine.merge.document.OpenDocument;
import jakarta.ws.rs.core.Response;
import java.util.OptionalLong;

/**
 * A document before it is written: to be saved, never run. A browser that shows it anyway lets it
 * do nothing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6266">RFC 6266: Content-Disposition</a>
 */
record DocumentReply(OpenDocument document, DocumentBody body) implements Outgoing {

  @Override
  public Response toResponse() {
    Extent extent = document.extent();
    Response.ResponseBuilder response =
        Response.status(extent.status())
            .header("Content-Type", DocumentTypes.of(document.contentType()))
            .header(
                "Content-Disposition",
                "attachment; filename=\"" + DocumentTypes.fileName(document.contentType()) + "\"")
            .header("Content-Security-Policy", "default-src 'none'; sandbox")
            .header("Accept-Ranges", "bytes")
            .entity(body);
    OptionalLong length = extent.length();
    if (length.isPresent()) {
      response.header("Content-Length", length.getAsLong());
    }
    if (extent instanceof Extent.Part(long from, long to, long of)) {
      response.header("Content-Range", "bytes %d-%d/%d".formatted(from, to - 1, of));
    }
    return response.build();
  }
}
