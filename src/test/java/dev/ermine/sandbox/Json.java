package dev.ermine.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** JSON as the regions read and write it: decimals keep their zeros, as FHIR demands. */
final class Json {

  static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private Json() {}

  /** The text of {@code node} in a region's style. */
  static String write(JsonNode node, PeerRegion.Style style) {
    ObjectWriter writer =
        switch (style) {
          case COMPACT -> MAPPER.writer();
          case PRETTY -> MAPPER.writerWithDefaultPrettyPrinter();
          case ESCAPED -> MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);
        };
    try {
      return writer.writeValueAsString(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
