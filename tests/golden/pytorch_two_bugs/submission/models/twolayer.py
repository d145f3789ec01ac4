import torch.nn as nn
import torch.nn.functional as F


class TwoLayerNet(nn.Module):
    def __init__(self, input_dim, hidden_size, num_classes):
        super().__init__()
        self.hidden = nn.Linear(input_dim, hidden_size)
        self.scores = nn.Linear(hidden_size, num_classes)

    def forward(self, x):
        x = x.reshape(x.shape[0], -1)
        x = F.sigmoid(self.hidden(x))
        x = self.scores(x)
        return F.softmax(x, dim=-1)
