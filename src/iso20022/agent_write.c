/* agent_write.c - how a bank is named in every message. */
#include "message.h"

void agent_write(struct xml_writer *writer, const char *bic, const char *bin)
{
    if (bic[0] != '\0') {
        XML_RAW(writer, "<FinInstnId><BICFI>");
        xml_raw(writer, span_of(bic));
        XML_RAW(writer, "</BICFI></FinInstnId>");
        return;
    }
    XML_RAW(writer, "<FinInstnId><ClrSysMmbId><ClrSysId><Cd>VN</Cd></ClrSysId><MmbId>");
    xml_raw(writer, span_of(bin));
    XML_RAW(writer, "</MmbId></ClrSysMmbId></FinInstnId>");
}
